/** One question or answer on the page. */

import { button, copy, element, note } from "./dom.js";
import { placeOf, showCitation } from "./citation.js";
import { feedbackButtons } from "./feedback.js";
import { showText } from "./text.js";

export function questionView(content) {
	return element("article", { className: "question", ariaLabel: "Question" }, element("p", {}, content));
}

export class AnswerView {
	/** A reader of a shared conversation gives no feedback and asks nothing. `report` shows a problem. */
	constructor({ isShared = false, report, askNext }) {
		this.isShared = isShared;
		this.report = report;
		this.askNext = askNext;
		this.content = "";
		this.citations = new Map();
		this.messageId = null;
		this.text = element("div", { className: "text" });
		this.progress = element("p", { className: "progress" }, "Looking in the books");
		this.sources = element("ol", { className: "sources", ariaLabel: "References" });
		this.foot = element("div", { className: "foot" });
		const properties = { className: "answer", ariaLabel: "Answer", ariaBusy: "true" };
		this.node = element("article", properties, this.text, this.progress, this.sources, this.foot);
	}

	addText(delta) {
		this.content += delta;
		this.progress.hidden = true;
		// One drawing a frame is enough.
		this.frame ??= requestAnimationFrame(() => this.#draw());
	}

	addCitation(citation) {
		this.citations.set(citation.index, citation);
	}

	/** Empties the answer: a new stream repeats it. */
	restart(messageId) {
		this.messageId = messageId;
		this.content = "";
		this.citations.clear();
	}

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
		const reference = button("reference", () => this.#open(citation), String(index));
		reference.ariaLabel = `Reference ${index}: ${citation.book_title}`;
		return reference;
	}

	#open(citation) {
		showCitation(citation, this.isShared ? null : this.messageId);
	}

	#finish(message) {
		this.node.ariaBusy = "false";
		this.sources.replaceChildren(...message.citations.map((each, place, all) => this.#source(each, all[place - 1])));
		const notes = { stopped: "You stopped this answer.", failed: "This answer failed." };
		const outcome = notes[message.status] ? note(notes[message.status]) : "";
		const actions = element("div", { className: "actions" });
		const onCopy = (event) => copy(this.#asPlainText(), event.target);
		if (message.content) actions.append(button("quiet", onCopy, "Copy with references"));
		if (message.content && !this.isShared) actions.append(...feedbackButtons(message, this.report));
		this.foot.replaceChildren(outcome, actions, this.#suggestions(message.suggestions));
	}

	/** Names the book only once for references in a row. */
	#source(citation, previous) {
		const isSame = previous?.book_title === citation.book_title;
		const title = isSame ? null : element("cite", {}, citation.book_title);
		const place = element("span", {}, placeOf(citation));
		const number = element("span", { className: "number" }, String(citation.index));
		return element("li", {}, button("", () => this.#open(citation), number, title, place));
	}

	#suggestions(questions) {
		if (!questions.length || !this.askNext) return "";
		const buttons = questions.map((question) => button("", () => this.askNext(question), question));
		return element("div", { className: "suggestions", role: "group", ariaLabel: "You could ask next" }, ...buttons);
	}

	#asPlainText() {
		const references = [...this.citations.values()].map(
			(each) => `[${each.index}] ${[each.book_title, placeOf(each)].filter(Boolean).join(", ")}: “${each.quote}”`,
		);
		const text = this.content.replaceAll("**", "");
		return references.length ? `${text}\n\nReferences\n${references.join("\n")}` : text;
	}
}

