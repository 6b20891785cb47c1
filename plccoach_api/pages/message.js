/**
 * One question or answer on the page.
 */

import { announce, element } from "./dom.js";
import { placeOf, showCitation } from "./citation.js";
import { feedbackButtons } from "./feedback.js";
import { showText } from "./text.js";

export function questionView(content) {
  return element("article", { className: "question", "aria-label": "Question" }, element("p", {}, content));
}

/** An answer, which may still grow. */
export class AnswerView {
  /**
   * @param {{isShared?: boolean, report: (problem: Error) => void, askNext?: (question: string) => void}} options
   *   A reader of a shared conversation gives no feedback and asks nothing.
   */
  constructor({ isShared = false, report, askNext }) {
    this.isShared = isShared;
    this.report = report;
    this.askNext = askNext;
    this.content = "";
    this.citations = new Map();
    this.messageId = null;
    this.text = element("div", { className: "text" });
    this.progress = element("p", { className: "progress" }, "Looking in the books");
    this.sources = element("ol", { className: "sources", "aria-label": "References" });
    this.foot = element("div", { className: "foot" });
    const label = { className: "answer", "aria-label": "Answer", "aria-busy": "true" };
    this.node = element("article", label, this.text, this.progress, this.sources, this.foot);
  }

  addText(delta) {
    this.content += delta;
    this.progress.hidden = true;
    // The browser draws at most once a frame, however many words arrive.
    this.frame ??= requestAnimationFrame(() => this.#draw());
  }

  addCitation(citation) {
    this.citations.set(citation.index, citation);
  }

  /** Empties the answer, because a stream that begins anew repeats it. */
  restart(messageId) {
    this.messageId = messageId;
    this.content = "";
    this.citations.clear();
  }

  /** Says what the stream is doing, such as that it lost its connection. */
  say(text) {
    this.progress.hidden = false;
    this.progress.textContent = text;
  }

  /** Shows the message as it is stored. */
  show(message) {
    this.messageId = message.id;
    this.content = message.content;
    this.citations = new Map(message.citations.map((citation) => [citation.index, citation]));
    this.#draw();
    const isGenerating = message.status === "generating";
    this.progress.hidden = !isGenerating;
    if (!isGenerating) this.#finish(message);
  }

  #draw() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    showText(this.text, this.content, (index) => this.#reference(index));
  }

  #reference(index) {
    const citation = this.citations.get(index);
    if (!citation) return null;
    const label = `Reference ${index}: ${citation.book_title}`;
    const open = () => this.#open(citation);
    return element("button", { type: "button", className: "reference", "aria-label": label, onclick: open }, String(index));
  }

  #open(citation) {
    showCitation(citation, this.isShared ? null : this.messageId);
  }

  #finish(message) {
    this.node.setAttribute("aria-busy", "false");
    this.sources.replaceChildren(...message.citations.map((citation) => this.#source(citation)));
    const notes = { stopped: "You stopped this answer.", failed: "This answer failed." };
    const note = notes[message.status] ? element("p", { className: "note" }, notes[message.status]) : null;
    const actions = element("div", { className: "actions" });
    if (message.content) actions.append(this.#copyButton());
    if (message.content && !this.isShared) actions.append(...feedbackButtons(message, this.report));
    this.foot.replaceChildren(...[note, actions, this.#suggestions(message.suggestions)].filter(Boolean));
  }

  #source(citation) {
    const title = element("cite", {}, citation.book_title);
    const place = element("span", {}, placeOf(citation));
    const number = element("span", { className: "number" }, String(citation.index));
    const open = () => this.#open(citation);
    return element("li", {}, element("button", { type: "button", onclick: open }, number, title, place));
  }

  #suggestions(questions) {
    if (!questions.length || !this.askNext) return null;
    const buttons = questions.map((question) =>
      element("button", { type: "button", onclick: () => this.askNext(question) }, question),
    );
    return element("div", { className: "suggestions", role: "group", "aria-label": "You could ask next" }, ...buttons);
  }

  #copyButton() {
    const label = "Copy with references";
    const button = element("button", { type: "button", className: "quiet" }, label);
    button.addEventListener("click", async () => {
      await copy(this.#asPlainText());
      announce("Copied.");
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = label), 2000);
    });
    return button;
  }

  #asPlainText() {
    const references = [...this.citations.values()].map(
      (each) => `[${each.index}] ${[each.book_title, placeOf(each)].filter(Boolean).join(", ")}: “${each.quote}”`,
    );
    const text = this.content.replaceAll("**", "");
    return references.length ? `${text}\n\nReferences\n${references.join("\n")}` : text;
  }
}

/** Copies a text to the clipboard, also on a page without https, where browsers offer no other way. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element("textarea", { value: text });
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
