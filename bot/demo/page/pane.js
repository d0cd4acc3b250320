// One chat: its messages, what one presses, and who one is in it.

import { act } from "./api.js";
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { isInvoiceLink, money, openPay } from "./pay.js";

const TOAST_MS = 4000;
const TYPING_MS = 5000;
const NEAR_END = 80; // pixels from the end within which new messages are followed
const ROLES = { customer: "Customer", admin: "Admin" };

export class Pane {
  // hooks: news(pane), reader(pane) is the pane of who follows what stands in this one, visit(link, pane, own)
  constructor(name, bot, hooks) {
    this.name = name;
    this.bot = bot;
    this.hooks = hooks;
    this.root = document.getElementById("pane").content.firstElementChild.cloneNode(true);
    this.root.id = `pane-${name}`;
    this.root.dataset.name = name;
    this.waiting = new Map(); // presses that were not answered yet: id -> button
    this.early = new Set(); // answers that came before their press was known
    this.find = (selector) => this.root.querySelector(selector);
    this.list = this.find(".messages");
    this.input = this.find("textarea");
    this.talks = name in ROLES; // to the bot; else it is a channel
    this.composer = new Composer(this);
    this.listen();
    this.listenToPerson();
  }

  // Who acts here, and where that is not their chat with the bot.
  get place() {
    return this.talks ? { chat: this.chat } : { chat: this.state.writer, into: this.chat };
  }

  // Everything anew, from what the server holds.
  load(state) {
    this.chat = state.id;
    this.state = state;
    this.list.replaceChildren();
    this.waiting.clear();
    const title = this.talks ? this.bot.first_name : state.title;
    this.find("h2").textContent = title;
    this.find(".avatar").textContent = [...title][0];
    this.find(".state").textContent = this.resting();
    this.find(".empty").textContent = this.talks ? "No messages here yet." : "Order updates appear here.";
    this.find(".scroll").ariaLabel = `Messages, ${ROLES[this.name] ?? state.title}`;
    for (const part of [".person", ".attach", ".menu-button"]) this.find(part).hidden = !this.talks;
    this.input.placeholder = this.talks ? "Message" : "Post as the owner";
    this.composer.drop();
    this.introduce(state.title, state.language);
    this.setBlocked(state.blocked ?? false);
    this.composer.setMenu(state.menu ?? []);
    for (const message of state.messages) this.show(message, false);
    this.toEnd();
  }

  resting() {
    return this.talks ? "bot" : "channel";
  }

  introduce(name, language) {
    this.state.title = name;
    this.find("summary").textContent = `${ROLES[this.name]}: ${name}`;
    this.find("[name=name]").value = name;
    if (language) this.find("[name=language]").value = language;
  }

  setBlocked(blocked) {
    this.blocked = blocked;
    this.find(".block").textContent = blocked ? "Unblock the bot" : "Block the bot";
    this.refresh();
  }

  // The composer, or the one button that stands for it.
  refresh() {
    const fresh = !this.list.childElementCount;
    this.find(".empty").hidden = !fresh;
    const start = this.find(".start");
    start.hidden = !this.talks || !(fresh || this.blocked);
    start.textContent = this.blocked ? "RESTART BOT" : "START";
    this.find(".composer").hidden = !start.hidden;
  }

  show(message, isNews = true) {
    const { atEnd } = this;
    const item = bubble(message, {
      author: this.talks ? "" : this.state.title,
      bot: this.bot.first_name,
      command: (words) => this.say(words),
      press: (button, node) => this.press(message, button, node),
      answer: this.talks ? () => this.composer.answer(message) : null,
      seek: (id) => this.seek(id),
    });
    this.composer.changed(message.id, message);
    const known = this.item(message.id);
    if (known) {
      known.replaceWith(item);
      if (isNews) item.classList.add("changed");
    } else {
      this.list.append(item);
      if (isNews) item.classList.add("fresh");
      if (message.from_bot) this.find(".state").textContent = this.resting();
    }
    this.refresh();
    if (!isNews) return;
    if (atEnd || !message.from_bot) this.toEnd();
    else if (!known) this.find(".newer").hidden = false;
    if (message.from_bot && !known) this.hooks.news(this);
  }

  item(id) {
    return this.list.querySelector(`[data-id="${id}"]`);
  }

  // The message that another one quotes.
  seek(id) {
    const item = this.item(id);
    if (!item) {
      this.toast("This message was deleted.");
      return;
    }
    item.scrollIntoView({ block: "center" });
    item.classList.remove("fresh", "changed", "sought");
    void item.offsetWidth; // lets the same animation run again
    item.classList.add("sought");
  }

  remove(id) {
    this.item(id)?.remove();
    this.composer.changed(id, null);
    this.refresh();
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.find(".scroll");
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  toEnd() {
    const scroll = this.find(".scroll");
    scroll.scrollTop = scroll.scrollHeight;
    this.atEnd = true;
    this.find(".newer").hidden = true;
  }

  typing() {
    this.find(".state").textContent = "typing…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => {
      this.find(".state").textContent = this.resting();
    }, TYPING_MS);
  }

  answered({ press, text, show_alert: alert }) {
    const node = this.waiting.get(press);
    if (node) node.classList.remove("busy");
    else this.early.add(press);
    this.waiting.delete(press);
    if (text && alert) showAlert(text);
    else if (text) this.toast(text);
  }

  toast(text) {
    const node = this.find(".toast");
    node.textContent = text;
    node.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      node.hidden = true;
    }, TOAST_MS);
  }

  async try(action, values) {
    try {
      return await act(action, { ...this.place, ...values });
    } catch (error) {
      this.toast(error.message.split("\n")[0]);
      return null;
    }
  }

  async say(text, reply = {}) {
    if (this.blocked) await this.try("unblock", {});
    await this.try("send", { text, ...reply });
  }

  // A link to the bot, opened.
  async follow(link) {
    if (this.blocked) await this.try("unblock", {});
    await this.try("follow", { link });
  }

  async press(message, button, node) {
    if (button.pay) {
      if (message.receipt) this.toast(`You paid ${money(message.content.invoice)}. Receipt: ${message.receipt}`);
      else await this.pay({ message: message.id });
      return;
    }
    if (button.copy_text) {
      const copied = navigator.clipboard?.writeText(button.copy_text.text) ?? Promise.reject();
      this.toast(await copied.then(() => "Copied", () => `To be copied: ${button.copy_text.text}`));
      return;
    }
    if (button.callback_data === undefined) {
      this.toast("This kind of button does nothing in the demo.");
      return;
    }
    node.classList.add("busy");
    const pressed = await this.try("tap", { message: message.id, data: button.callback_data, label: button.text });
    if (!pressed || this.early.delete(pressed.press)) node.classList.remove("busy");
    else this.waiting.set(pressed.press, node);
  }

  async pay(due) {
    await openPay(this.chat, due).catch((error) => this.toast(error.message.split("\n")[0]));
  }

  listen() {
    const on = (selector, type, listener) => this.find(selector).addEventListener(type, listener);
    on(".messages", "click", (event) => {
      const link = event.target.closest("a[href]")?.href;
      if (!link) return;
      if (isInvoiceLink(link)) this.hooks.reader(this).pay({ link });
      else if (this.leadsToBot(link)) this.hooks.visit(link, this);
      else return;
      event.preventDefault();
    });
    on(".start", "click", () => this.say("/start"));
    on(".newer", "click", () => this.toEnd());
    on(".scroll", "scroll", () => {
      this.atEnd = this.isAtEnd();
      if (this.atEnd) this.find(".newer").hidden = true;
    });
    // Whoever reads the newest message goes on reading it when the box below grows or a picture comes.
    const watch = new ResizeObserver(() => this.atEnd && this.toEnd());
    watch.observe(this.find(".scroll"));
    watch.observe(this.list);
    this.input.ariaLabel = this.talks ? `Message as ${ROLES[this.name]}` : "Post as the owner";
  }

  listenToPerson() {
    const on = (selector, type, listener) => this.find(selector).addEventListener(type, listener);
    on(".person form", "submit", (event) => event.preventDefault());
    on(".person form", "change", (event) => this.become(new FormData(event.currentTarget)));
    on(".block", "click", () => this.try(this.blocked ? "unblock" : "block", {}));
    document.addEventListener("click", (event) => {
      const person = this.find(".person");
      if (!person.contains(event.target)) person.open = false;
    });
  }

  leadsToBot(link) {
    const { hostname, pathname } = new URL(link);
    return hostname === "t.me" && pathname.toLowerCase() === `/${this.bot.username}`.toLowerCase();
  }

  become(form) {
    const name = form.get("name").trim();
    if (name) this.try("person", { id: this.chat, name, language: form.get("language") });
  }
}

function showAlert(text) {
  const dialog = document.querySelector("dialog.alert");
  dialog.querySelector("p").textContent = text;
  if (dialog.open) dialog.close();
  dialog.showModal();
}
