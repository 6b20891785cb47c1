/**
 * The page of a passage: marks the words after `#quote=` in the address.
 *
 * The fragment is lost when a person has to sign in on the way. The page therefore keeps the words of each passage as
 * long as the tab is open.
 */

import { element } from "./dom.js";

const KEY = `quote ${location.pathname}`;

/** Returns the words to mark, from the address or from before a sign-in. */
function wanted() {
	const given = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B")).get("quote");
	if (given) sessionStorage.setItem(KEY, given);
	return given ?? sessionStorage.getItem(KEY);
}

/** Marks the first place of the words. Differences of white space do not count. */
function mark(quote) {
	const passage = document.getElementById("passage");
	passage.querySelectorAll("mark").forEach((old) => old.replaceWith(...old.childNodes));
	passage.normalize();
	const nodes = textNodes(passage);
	// The position of each character that is not white space: `[node, offset]`.
	const positions = nodes.flatMap((node) =>
		Array.from({ length: node.length }, (_, offset) => [node, offset]).filter(([, offset]) => /\S/.test(node.data[offset])),
	);
	const text = positions.map(([node, offset]) => node.data[offset]).join("");
	const words = quote.replace(/\s+/g, "");
	const start = text.indexOf(words);
	if (!words || start < 0) return;
	const [first, last] = [positions[start], positions[start + words.length - 1]];
	for (const node of nodes.slice(nodes.indexOf(first[0]), nodes.indexOf(last[0]) + 1)) {
		const range = document.createRange();
		range.selectNodeContents(node);
		if (node === first[0]) range.setStart(node, first[1]);
		if (node === last[0]) range.setEnd(node, last[1] + 1);
		range.surroundContents(element("mark"));
	}
	passage.querySelector("mark").scrollIntoView({ block: "center" });
}

function textNodes(root) {
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	const nodes = [];
	while (walker.nextNode()) nodes.push(walker.currentNode);
	return nodes;
}

function markWanted() {
	const quote = wanted();
	if (quote) mark(quote);
}

addEventListener("hashchange", markWanted);
markWanted();
