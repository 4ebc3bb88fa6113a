// The buzzer, the relay's click and the keys' tick, made by WebAudio; silent until switched on.

let audio = null;
let tone = null;

export const on = () => audio !== null;

export function toggle() {
  if (audio) {
    audio.close();
    audio = tone = null;
  } else {
    audio = new AudioContext();
  }
}

function voice(type, frequency, volume) {
  const oscillator = new OscillatorNode(audio, { type, frequency });
  const gain = new GainNode(audio, { gain: volume });
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start();
  return { oscillator, gain };
}

export function buzz(wanted) {
  if (audio && wanted && !tone) tone = voice("square", 2300, 0.03);
  if (tone && !wanted) {
    tone.oscillator.stop();
    tone = null;
  }
}

// One short thump: low for the relay, high for a key.
export function click(frequency, volume) {
  if (!audio) return;
  const { oscillator, gain } = voice("triangle", frequency, volume);
  gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.06);
  oscillator.stop(audio.currentTime + 0.07);
}
