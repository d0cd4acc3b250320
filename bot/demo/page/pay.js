// The sheet on which one pays, as the app's: what for, how much, and what came of it.

import { act } from "./api.js";

const COUNT = new Intl.NumberFormat("en");
export const STAR = "★"; // in every font, unlike the coloured one
const TOLD = {
  paid: () => "Paid. Thank you!",
  refused: (words) => words,
  expired: () => "The shop did not answer in time. Nothing was taken.",
  receipt: () => "This is paid already.",
  short: () => "You have too few Stars for that. Nothing was taken.",
};

export function money({ total_amount: amount, currency }) {
  return `${COUNT.format(amount)} ${currency === "XTR" ? STAR : currency}`;
}

export const isInvoiceLink = (address) => /^https:\/\/t\.me\/\$/i.test(address);

// due: {message} or {link}. Rejects when there is nothing to pay.
export async function openPay(chat, due) {
  const offer = await act("offer", { chat, ...due });
  const sheet = document.querySelector("dialog.pay");
  const find = (selector) => sheet.querySelector(selector);
  find("h2").textContent = `Pay ${money(offer)}?`;
  find(".title").textContent = offer.title;
  find(".description").textContent = offer.description;
  find(".balance").textContent = `Your balance: ${money({ total_amount: offer.stars, currency: "XTR" })}`;
  find(".told").textContent = "";
  sheet.dataset.state = "asking";
  const go = find(".go");
  go.textContent = `Pay ${money(offer)}`;
  go.disabled = false;
  go.onclick = () => pay(sheet, chat, due);
  if (!sheet.open) sheet.showModal();
  go.focus();
}

async function pay(sheet, chat, due) {
  const find = (selector) => sheet.querySelector(selector);
  const go = find(".go");
  go.disabled = true;
  sheet.dataset.state = "waiting";
  find(".told").textContent = "Asking the shop…";
  const attempt = (sheet.attempt = {});
  const outcome = await act("pay", { chat, ...due }).catch((error) => ({ fate: "refused", words: error.message }));
  if (sheet.attempt !== attempt || !sheet.open) return; // closed meanwhile; the chat tells
  sheet.dataset.state = outcome.fate;
  find("h2").textContent = ["paid", "receipt"].includes(outcome.fate) ? "Paid" : "Not paid";
  find(".told").textContent = TOLD[outcome.fate](outcome.words);
  find(".leave").focus();
}
