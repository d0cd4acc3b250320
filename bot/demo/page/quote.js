// What is shown of a message that another one answers: whose it is, and its words, as few as fit on a line or two.

const THINGS = { photo: "Photo", sticker: "Sticker", contact: "Contact" };

// *content* may be the whole message as the Bot API has it: its other fields do not count.
export function gist(text, content) {
  if (text) return text.replace(/\s+/g, " ");
  if (content.document) return content.document.file_name;
  if (content.invoice) return content.invoice.title;
  const kind = Object.keys(THINGS).find((name) => content[name]);
  return kind ? THINGS[kind] : "Message";
}

export function authorOf(message) {
  const sender = message.sender ?? message.from;
  return sender?.first_name ?? (message.sender_chat ?? message.chat).title;
}

// The quote in the bubble of a reply; *original* is as the Bot API has it.
export function quote(original, onPress) {
  const node = document.createElement("button");
  Object.assign(node, { type: "button", className: "quoted", title: "Show this message" });
  node.append(line("author", authorOf(original)), line("gist", gist(original.text ?? original.caption, original)));
  node.addEventListener("click", () => onPress(original.message_id));
  return node;
}

function line(name, text) {
  const node = document.createElement("span");
  Object.assign(node, { className: name, textContent: text, dir: "auto" });
  return node;
}
