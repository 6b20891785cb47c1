/**
 * Shows the text of an answer: paragraphs, headings, lists, code, bold words, and references as buttons.
 *
 * A text that grows is shown again. Only blocks that changed are replaced, so that a reference keeps the focus.
 */

import { element } from "./dom.js";

const HEADING = /^#{1,6} +(.*)$/;
const BULLET = /^\s*[-*•] +(.*)$/;
const NUMBER = /^\s*(\d{1,3})[.)] +(.*)$/;
const INLINE = /\*\*([^*]+)\*\*|`([^`]+)`|\[(\d{1,3})\]/g;

/** Shows a text. `reference` returns the node for a number, or null when there is no such citation. */
export function showText(target, text, reference) {
	const blocks = blocksOf(text);
	blocks.forEach((block, position) => {
		const source = JSON.stringify(block);
		const shown = target.children[position];
		if (shown?.source === source) return;
		const created = nodeOf(block, reference);
		created.source = source;
		if (shown) shown.replaceWith(created);
		else target.append(created);
	});
	while (target.children.length > blocks.length) target.lastChild.remove();
}

/** Splits a text into blocks: `{kind, lines, start}`. Each line of a list is one item; `start` is its first number. */
function blocksOf(text) {
	const blocks = [];
	let open = null;
	const add = (kind, line, start) => {
		if (open?.kind !== kind) blocks.push((open = { kind, lines: [], start }));
		open.lines.push(line);
	};
	for (const line of text.split("\n")) {
		if (line.startsWith("```")) {
			if (open?.kind === "pre") open = null;
			else blocks.push((open = { kind: "pre", lines: [] }));
		} else if (open?.kind === "pre") open.lines.push(line);
		else if (line.trim() === "") open = open?.kind === "p" ? null : open;
		else if (HEADING.test(line)) {
			blocks.push({ kind: "h2", lines: [HEADING.exec(line)[1]] });
			open = null;
		} else if (BULLET.test(line)) add("ul", BULLET.exec(line)[1]);
		else if (NUMBER.test(line)) {
			const [, number, item] = NUMBER.exec(line);
			add("ol", item, Number(number));
		}
		else add("p", line);
	}
	return blocks;
}

function nodeOf({ kind, lines, start }, reference) {
	if (kind === "pre") return element("pre", {}, element("code", {}, lines.join("\n")));
	const inline = (line) => inlineOf(line, reference);
	const items = () => lines.map((line) => element("li", {}, ...inline(line)));
	if (kind === "ul") return element(kind, {}, ...items());
	if (kind === "ol") return element(kind, { start }, ...items());
	// A paragraph of bold words alone is the heading of what follows.
	const isHeading = kind === "h2" || (lines.length === 1 && /^\*\*[^*]+\*\*$/.test(lines[0].trim()));
	if (isHeading) return element("h2", {}, ...inline(lines[0].trim().replaceAll("**", "")));
	return element("p", {}, ...lines.flatMap((line, index) => (index ? [element("br"), ...inline(line)] : inline(line))));
}

function inlineOf(line, reference) {
	const nodes = [];
	let end = 0;
	for (const match of line.matchAll(INLINE)) {
		const [whole, bold, code, index] = match;
		let node = null;
		if (bold) node = element("strong", {}, ...inlineOf(bold, reference));
		else if (code) node = element("code", {}, code);
		else node = reference(Number(index));
		if (node === null) continue;
		nodes.push(line.slice(end, match.index), node);
		end = match.index + whole.length;
	}
	return [...nodes, line.slice(end)].filter((node) => node !== "");
}

/** Returns the parts of a search's excerpt, in which `<mark>` surrounds words and all else is escaped. */
export function excerptOf(highlight) {
	return highlight.split(/<mark>(.*?)<\/mark>/s).map((part, index) => {
		const text = part.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => CHARACTERS[name]);
		return index % 2 ? element("mark", {}, text) : text;
	});
}

const CHARACTERS = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
