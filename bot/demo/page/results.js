// The inline mode: the bot's name and words in the box bring a list, and a choice from it is sent where one types.

import { act } from "./api.js";

const PAUSE_MS = 300; // the bot is asked when somebody has stopped typing for so long
const NEAR_END = 120; // pixels from the end within which the next page is asked for

export class Results {
  constructor(pane, composer) {
    this.pane = pane;
    this.composer = composer;
    this.list = pane.find(".results");
    this.list.id = `results-${pane.name}`;
    this.input = pane.find("textarea");
    this.input.setAttribute("aria-controls", this.list.id);
    this.words = null; // what is asked for; null: the inline mode is not on
    this.list.addEventListener("scroll", () => this.more());
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  typed(text) {
    const found = text.match(/^@(\w+)\s+([^]*)$/);
    const words = found && found[1].toLowerCase() === this.pane.bot.username.toLowerCase() ? found[2].trim() : null;
    if (words === this.words) return;
    this.stop();
    this.words = words;
    if (words === null) this.close();
    else this.timer = setTimeout(() => this.ask(""), PAUSE_MS);
  }

  // Whoever waits for an answer does not want it any more.
  stop() {
    clearTimeout(this.timer);
    this.asked = null;
    this.following = "";
  }

  close() {
    this.stop();
    this.words = null;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.point(null);
  }

  async ask(offset) {
    const asked = (this.asked = {});
    const question = { words: this.words, offset };
    const page = await act("inline", { ...this.pane.place, ...question }).catch(() => null);
    if (this.asked !== asked) return; // typed on, or left, meanwhile
    this.asked = null;
    if (!offset) this.list.replaceChildren();
    if (page) this.show(page, question);
    else this.list.append(note("The shop did not answer. Type on to ask again."));
    this.list.hidden = false;
    if (!offset) this.list.scrollTop = 0;
    this.more();
  }

  show(page, question) {
    if (page.button) this.list.append(this.door(page.button));
    for (const result of page.results) this.list.append(this.option(result, question));
    if (!this.list.childElementCount) this.list.append(note("Nothing found."));
    this.following = page.next_offset;
    if (!question.offset) this.point(this.options[0]);
  }

  more() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    if (this.list.hidden || !this.following || scrollHeight - scrollTop - clientHeight > NEAR_END) return;
    const offset = this.following;
    this.following = "";
    this.ask(offset);
  }

  option(result, question) {
    const item = document.createElement("li");
    item.role = "option";
    item.id = `${this.list.id}-${this.list.childElementCount}`;
    item.ariaSelected = "false";
    const [title, about] = ["b", "span"].map((tag) => document.createElement(tag));
    Object.assign(title, { textContent: result.title, dir: "auto" });
    Object.assign(about, { textContent: result.description, dir: "auto" });
    item.append(letter(result.title), title, about);
    item.choose = () => this.send({ ...question, result: result.id });
    item.addEventListener("click", item.choose);
    return item;
  }

  // What stands above the results: a way into the chat with the bot.
  door(button) {
    const item = document.createElement("li");
    const node = document.createElement("button");
    Object.assign(node, { type: "button", className: "door", textContent: button.text, dir: "auto" });
    node.addEventListener("click", () => {
      this.composer.text = "";
      this.pane.hooks.visit(`https://t.me/${this.pane.bot.username}?start=${button.start_parameter}`, this.pane, true);
    });
    item.append(node);
    return item;
  }

  async send(chosen) {
    this.composer.text = "";
    this.input.focus();
    if (this.pane.blocked) await this.pane.try("unblock", {});
    await this.pane.try("choose", chosen);
  }

  point(option) {
    for (const each of this.options) each.ariaSelected = String(each === option);
    this.pointed = option;
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  // Sends what is pointed at; whether the inline mode is on: then nothing typed is a message.
  choose() {
    if (this.words === null) return false;
    this.pointed?.choose();
    return true;
  }

  // Whether a key was for the list.
  pressed(event) {
    if (this.words === null || event.isComposing || event.shiftKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.point(this.options[this.options.indexOf(this.pointed) + step] ?? this.pointed);
    else if (event.key === "Enter") this.choose();
    else if (event.key === "Escape") this.composer.text = "";
    else return false;
    event.preventDefault();
    return true;
  }
}

function note(words) {
  const item = document.createElement("li");
  Object.assign(item, { className: "none", textContent: words });
  return item;
}

function letter(title) {
  const node = document.createElement("i");
  node.textContent = [...title][0].toUpperCase();
  node.ariaHidden = "true";
  return node;
}
