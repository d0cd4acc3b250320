// One message as it is shown: words, file, buttons, time.

import { richText } from "./richtext.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const NAMES = { photo: "Photo", sticker: "Sticker", contact: "Contact" };

// handlers: command(words), press(button, node), author (a name above the words, or nothing)
export function bubble(message, handlers) {
  const item = document.createElement("li");
  item.className = message.from_bot ? "message theirs" : "message mine";
  item.dataset.id = message.id;
  const box = part("div", message.edit_date === null ? "bubble" : "bubble edited");
  box.dir = "auto"; // by its words: parts with a direction of their own do not count
  if (handlers.author) box.append(part("span", "author", handlers.author));
  box.append(...content(message.content));
  if (message.text) {
    const words = part("div", "words");
    words.append(richText(message.text, message.entities, handlers.command));
    box.append(words);
  }
  box.append(stamp(message));
  item.append(box);
  const rows = message.markup?.inline_keyboard;
  if (rows) item.append(keyboard(rows, handlers.press));
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

function stamp(message) {
  const node = part("span", "stamp");
  const time = document.createElement("time");
  time.dir = "ltr";
  time.dateTime = new Date(message.date * 1000).toISOString();
  time.textContent = CLOCK.format(message.date * 1000);
  if (message.edit_date !== null) node.append("edited ");
  node.append(time);
  return node;
}

function* content(parts) {
  if (parts.document) {
    const { file_name: name, file_size: size } = parts.document;
    const file = part("div", "file");
    const about = part("div", "about");
    about.append(part("span", "name", name), part("span", "size", bytes(size)));
    file.append(part("span", "sheet", name.split(".").pop().slice(0, 4)), about);
    yield file;
  }
  for (const [kind, name] of Object.entries(NAMES)) {
    if (parts[kind]) yield part("div", "thing", parts[kind].emoji ?? name);
  }
}

function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
}

function keyboard(rows, press) {
  const node = part("div", "keyboard");
  for (const row of rows) {
    const line = part("div", "row");
    line.append(...row.map((button) => key(button, press)));
    node.append(line);
  }
  return node;
}

function key(button, press) {
  const outward = typeof button.url === "string" && /^(https?|tg):/i.test(button.url);
  const node = part(outward ? "a" : "button", "key", button.text);
  if (button.style) node.dataset.style = button.style;
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
