// What the server has told, and the one way to speak to it; every part of the page uses these.

export const state = { // see tools/live/meter.py and board/virtual/live_world.py
  vm: "starting", cells: [], text: "", contact: 1, buzzer: 0, led: 0, mains: true,
  coil_faults: 0, relay_operations: 0, on: [], other_w: 0, watts: 0, speed: 1, pace: 1, ranking: [],
};

const line = { socket: null };

export const useLine = (socket) => { line.socket = socket; };

export function send(message) {
  if (line.socket?.readyState === WebSocket.OPEN) line.socket.send(JSON.stringify(message));
}

export const $ = (id) => document.getElementById(id);
export const every = (selector) => document.querySelectorAll(selector);

// The symbol of the meter's money.
export const symbol = () => state.meter?.currency ?? "£";

export function text(id, value) {
  if ($(id).textContent !== value) $(id).textContent = value;
}

export function name(id, value) {
  if ($(id).ariaLabel !== value) $(id).ariaLabel = value;
}
