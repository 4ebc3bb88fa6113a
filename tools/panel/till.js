// The corner shop's till: sells a code and prints the receipt.

import { $, send, symbol, text } from "./state.js";

export const show = () => text("till-symbol", symbol());

export function showReceipt(receipt) {
  const paper = $("receipt");
  for (const [part, value] of Object.entries(receipt)) text(`receipt-${part}`, value);
  $("no-receipt").hidden = true;
  paper.hidden = false;
  paper.style.animation = "none";
  void paper.offsetWidth; // so that the paper comes out once more
  paper.style.animation = "";
}

$("till-form").addEventListener("submit", (event) => {
  event.preventDefault();
  text("till-fault", "");
  send({ do: "sell", pounds: $("till-amount").value });
});
