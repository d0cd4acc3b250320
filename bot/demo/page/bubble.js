// One message as it is shown: words, picture, file, invoice, buttons, time.

import { money, STAR } from "./pay.js";
import { quote } from "./quote.js";
import { endsRightToLeft, richText } from "./richtext.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const NAMES = { sticker: "Sticker", contact: "Contact" };
const NOTES = {
  successful_payment: (payment, bot) => `You paid ${money(payment)} to ${bot}`,
  refunded_payment: (payment, bot) => `${bot} gave back ${money(payment)}`,
};

// handlers: command(words), press(button, node), answer() or null, seek(id of a message that is quoted),
// author (a name above the words, or nothing), bot (its name)
export function bubble(message, handlers) {
  const item = document.createElement("li");
  const note = Object.keys(NOTES).find((kind) => message.content[kind]);
  if (note) {
    item.className = "message note";
    item.dataset.id = message.id;
    item.append(part("span", "words", NOTES[note](message.content[note], handlers.bot)));
    return item;
  }
  // What stands in a channel has no sender.
  item.className = message.from_bot || !message.sender ? "message theirs" : "message mine";
  item.dataset.id = message.id;
  // Of a bot's own messages the apps do not say that they were edited: its screens are, all the time.
  const edited = message.edit_date !== null && !message.sender?.is_bot;
  const box = part("div", edited ? "bubble edited" : "bubble");
  box.append(...origin(message, handlers), ...content(message.content));
  if (message.text) {
    const words = part("div", "words");
    words.append(richText(message.text, message.entities, handlers.command));
    if (endsRightToLeft(message.text)) box.classList.add("ends-left"); // there is room for the time
    box.append(words);
  }
  box.append(stamp(message, edited));
  item.append(box);
  if (handlers.answer) box.append(replyButton(handlers.answer));
  const rows = message.markup?.inline_keyboard;
  if (rows) item.append(keyboard(rows, message.receipt, handlers.press));
  return item;
}

function part(tag, name, text) {
  const node = document.createElement(tag);
  node.className = name;
  if (text !== undefined) {
    node.textContent = text;
    node.dir = "auto";
  }
  return node;
}

function stamp(message, edited) {
  const node = part("span", "stamp");
  const time = document.createElement("time");
  time.dir = "ltr";
  time.dateTime = new Date(message.date * 1000).toISOString();
  time.textContent = CLOCK.format(message.date * 1000);
  if (edited) node.append("edited ");
  node.append(time);
  return node;
}

function replyButton(answer) {
  const node = part("button", "reply");
  Object.assign(node, { type: "button", textContent: "↩", title: "Reply", ariaLabel: "Reply to this message" });
  node.addEventListener("click", answer);
  return node;
}

function* origin({ extra: { via_bot: via, reply_to_message: answered } }, { author, seek }) {
  if (author) yield part("span", "author", author);
  if (via) yield part("span", "author", `via @${via.username}`);
  if (answered) yield quote(answered, seek);
}

function* content(parts) {
  if (parts.invoice) yield invoice(parts.invoice);
  if (parts.photo) yield photo(parts.photo.at(-1));
  if (parts.document) yield file(parts.document);
  for (const [kind, name] of Object.entries(NAMES)) {
    if (parts[kind]) yield part("div", "thing", parts[kind].emoji ?? name);
  }
}

function invoice(about) {
  const card = part("div", "invoice");
  card.append(part("strong", "title", about.title), part("span", "description", about.description));
  card.append(part("span", "price", money(about)));
  return card;
}

// What is no picture for the browser is one for Telegram all the same: an empty frame stands for it.
function photo(size) {
  const frame = part("div", "photo");
  const picture = document.createElement("img");
  Object.assign(picture, { src: `/control/files/${size.file_id}`, alt: "Photo" });
  picture.addEventListener("error", () => picture.replaceWith(part("span", "frame", "Photo")));
  frame.append(picture);
  return frame;
}

function file({ file_id: id, file_name: name, file_size: size }) {
  const node = part("a", "file");
  Object.assign(node, { href: `/control/files/${id}`, download: name });
  const about = part("span", "about");
  about.append(part("span", "name", name), part("span", "size", bytes(size)));
  node.append(part("span", "sheet", name.split(".").pop().slice(0, 4)), about);
  return node;
}

function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
}

function keyboard(rows, receipt, press) {
  const node = part("div", "keyboard");
  for (const row of rows) {
    const line = part("div", "row");
    line.append(...row.map((button) => key(button, receipt, press)));
    node.append(line);
  }
  return node;
}

function key(button, receipt, press) {
  const outward = typeof button.url === "string" && /^(https?|tg):/i.test(button.url);
  const node = part(outward ? "a" : "button", "key");
  node.textContent = button.pay ? payLabel(button, receipt) : button.text;
  if (button.style) node.dataset.style = button.style;
  if (button.copy_text) node.classList.add("copies");
  if (outward) {
    Object.assign(node, { href: button.url, target: "_blank", rel: "noopener noreferrer" });
    node.classList.add("outward");
  } else {
    node.type = "button";
    node.disabled = "disabled" in button;
    node.addEventListener("click", () => press(button, node));
  }
  return node;
}

// As the apps do: a star for its names, and the receipt in the place of what is paid.
function payLabel(button, receipt) {
  return receipt ? "Receipt" : button.text.replace(/⭐\uFE0F?|XTR/g, STAR);
}
