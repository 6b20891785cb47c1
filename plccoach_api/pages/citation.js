/**
 * Citations: how they are named, and the card that shows one with the passage around its quote.
 */

import { Problem, json } from "./api.js";
import { element, note, showDialog } from "./dom.js";
import { adviceOn } from "./notice.js";

/** Returns the place of a quote in words, such as "Chapter 2: Collaboration, pages 41–42". */
export function placeOf({ chapter, chapter_title: title, pages }) {
	const numbered = chapter ? `Chapter ${chapter}` : "";
	const named = [numbered, title].filter(Boolean).join(": ");
	const [first, last] = pages ?? [];
	const page = !pages ? "" : first === last ? `page ${first}` : `pages ${first}–${last}`;
	return [named, page].filter(Boolean).join(", ");
}

/** Returns the address of the passage's page, which marks the quote. */
export function addressOf(citation) {
	return `${citation.passage_url}#quote=${encodeURIComponent(citation.quote)}`;
}

/** Shows the card of a citation. `messageId` is null in a conversation of somebody else. */
export function showCitation(citation, messageId) {
	const passage = element("div", { className: "passage", ariaBusy: "true", tabIndex: 0 }, "Opening the book …");
	fill(passage, citation, messageId);
	return showDialog(
		`Reference ${citation.index}`,
		() => [
			element("blockquote", {}, citation.quote),
			element("p", { className: "book" }, element("cite", {}, citation.book_title)),
			element("p", { className: "place" }, citation.authors.join(", ")),
			element("p", { className: "place" }, placeOf(citation)),
			element("h3", {}, "The passage around it"),
			passage,
			element(
				"p",
				{ className: "links" },
				link(addressOf(citation), "Open the passage"),
				// Only a web address: a link to `javascript:` would run it.
				/^https?:/.test(citation.product_url) ? link(citation.product_url, "About the book") : null,
			),
		],
		"card",
	);
}

const link = (href, text) => element("a", { href, target: "_blank" }, text);

async function fill(target, citation, messageId) {
	try {
		const [before, quote, after, superseded] = await read(citation, messageId);
		const old = superseded ? note("The book no longer has this passage.") : "";
		target.replaceChildren(old, element("p", {}, before, element("mark", {}, quote), after));
	} catch (problem) {
		if (!(problem instanceof Problem)) throw problem;
		target.replaceChildren(element("p", {}, adviceOn(problem)));
	}
	target.ariaBusy = "false";
	const mark = target.querySelector("mark");
	if (mark) target.scrollTop = mark.offsetTop - 32;
}

async function read(citation, messageId) {
	if (messageId === null) {
		const { content, superseded } = await json("GET", `/api/passages/${citation.chunk_id}`);
		const start = Math.max(content.indexOf(citation.quote), 0);
		const end = start + citation.quote.length;
		return [content.slice(0, start), content.slice(start, end), content.slice(end), superseded];
	}
	const found = await json("GET", `/api/messages/${messageId}/citations/${citation.index}`);
	// The API counts characters, and a string of JavaScript counts UTF-16 units.
	const characters = Array.from(found.passage);
	const part = (from, to) => characters.slice(from, to).join("");
	return [part(0, found.start), part(found.start, found.end), part(found.end), found.superseded];
}
