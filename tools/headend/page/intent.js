// One key for what somebody means to do: sent again after a lost answer or a reload, it is the same order.

import { Refused, ask } from "./dom.js";

const KEPT_MS = 900_000; // what is asked for later is meant anew

// Not randomUUID, which a browser has over a secure connection only
const made = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Intent {
  constructor(name) {
    this.place = `intent ${name}`;
  }

  // What was sent and has no answer yet: {text, key, note, at}, or null
  open() {
    const kept = JSON.parse(sessionStorage.getItem(this.place) ?? "null");
    return kept && Date.now() - kept.at < KEPT_MS ? kept : null;
  }

  end() {
    sessionStorage.removeItem(this.place);
  }

  // The same contents as those without an answer have their key, others a new one. `note`: for open()
  async send(path, contents, note, name = "key") {
    const text = JSON.stringify([path, contents]);
    let kept = this.open();
    if (kept?.text !== text) {
      kept = { text, note, key: made(), at: Date.now() };
      sessionStorage.setItem(this.place, JSON.stringify(kept));
    }
    try {
      const told = await ask(path, "POST", { ...contents, [name]: kept.key });
      this.end();
      return told;
    } catch (error) {
      if (error instanceof Refused) this.end();
      throw error;
    }
  }
}
