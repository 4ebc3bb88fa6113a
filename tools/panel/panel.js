// The front panel: shows what the server says of the simulated silicon, sends what hands do.
// One WebSocket, JSON both ways; besides it only the usage view is fetched.

import * as clock from "./clock.js";
import * as home from "./home.js";
import * as house from "./house.js";
import * as meter from "./meter.js";
import * as phone from "./phone.js";
import * as sound from "./sound.js";
import { $, state, text, useLine } from "./state.js";
import * as till from "./till.js";
import "./usage.js";

const AGAIN_MS = 1000;
const STATUS = {
  starting: () => "Starting…",
  running: () => `Running on ${state.interpreter}`,
  repl: () => "REPL: the meter is interrupted; it starts again 5 s after the port is closed",
  off: () => "Mains off: the meter is dark, its records are kept",
};
const FAULTS = { sell: "till-fault", jump: "clock-fault", buy: "phone-fault" };

function update(change) {
  Object.assign(state, change);
  document.body.dataset.vm = state.vm;
  text("status", STATUS[state.vm]());
  text("port", state.port ? `mpremote connect ${state.port}` : "");
  for (const part of [meter, home, clock, house, till, phone]) part.show(change);
}

$("sound").addEventListener("click", () => {
  sound.toggle();
  $("sound").ariaPressed = String(sound.on());
  text("sound", sound.on() ? "Sound on" : "Sound off");
  sound.buzz(state.buzzer === 1);
});

function connect() {
  const socket = new WebSocket(`ws://${location.host}/socket`);
  useLine(socket);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.receipt) till.showReceipt(message.receipt);
    else if (message.why || message.code) phone.showReply(message);
    else if (message.fault) text(FAULTS[message.about] ?? "status", message.fault);
    else update(message);
  };
  socket.onclose = () => {
    document.body.dataset.vm = "gone";
    text("status", "The meter has been switched off at the computer; waiting for it…");
    setTimeout(connect, AGAIN_MS);
  };
}

connect();
