/** Citations: how they are named, and the card that shows one with the passage around its quote. */

import { Problem, json } from "./api.js";
import { byId, element, note, showDialog } from "./dom.js";
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
	byId("card-heading").textContent = `Reference ${citation.index}`;
	byId("card-quote").textContent = citation.quote;
	byId("card-book").textContent = citation.book_title;
	byId("card-authors").textContent = citation.authors.join(", ");
	byId("card-place").textContent = placeOf(citation);
	byId("card-page").href = addressOf(citation);
	// Only a web address: a link to `javascript:` would run it.
	byId("card-product").hidden = !/^https?:/.test(citation.product_url);
	byId("card-product").href = citation.product_url ?? "";
	const passage = element("div", { className: "passage", ariaBusy: "true", tabIndex: 0 }, "Opening the book …");
	byId("card-passage").replaceChildren(passage);
	fill(passage, citation, messageId);
	return showDialog(byId("card"));
}

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
