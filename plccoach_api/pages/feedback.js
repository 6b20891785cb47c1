/**
 * Feedback on an answer: a thumb, and after a thumb down the reasons and a comment. The same thumb again takes it back.
 */

import { json } from "./api.js";
import { announce, button, element, showDialog } from "./dom.js";

const REASONS = {
	inaccurate: "It is not right",
	incomplete: "Something is missing",
	not_relevant: "It does not answer my question",
	missing_citations: "References are missing",
	other: "Something else",
};

/** Returns the two buttons for an answer. `report` shows a problem. */
export function feedbackButtons(message, report) {
	let score = message.feedback?.score ?? 0;
	const up = button("quiet", () => choose(1), "Helpful");
	const down = button("quiet", () => choose(-1), "Not helpful");
	const show = () => {
		up.ariaPressed = String(score === 1);
		down.ariaPressed = String(score === -1);
	};
	const path = `/api/messages/${message.id}/feedback`;
	const choose = async (chosen) => {
		try {
			if (chosen === score) {
				await json("DELETE", path);
				score = 0;
				announce("Your feedback was taken back.");
			} else {
				const details = chosen === -1 ? await askForReasons() : {};
				if (details === undefined) return;
				await json("POST", path, { body: { score: chosen, ...details } });
				score = chosen;
				announce("Thank you for your feedback.");
			}
			show();
		} catch (problem) {
			report(problem);
		}
	};
	show();
	return [up, down];
}

function askForReasons() {
	return showDialog("What was not helpful?", (close) => {
		const boxes = Object.entries(REASONS).map(([value, label]) =>
			element("label", { className: "choice" }, element("input", { type: "checkbox", name: "reason", value }), label),
		);
		const comment = element("textarea", { id: "comment", rows: 3, maxLength: 1000 });
		const send = (event) => {
			event.preventDefault();
			const reasons = new FormData(event.target).getAll("reason");
			close({ reasons, comment: comment.value.trim() || null });
		};
		return [
			element(
				"form",
				{ onsubmit: send },
				element("fieldset", {}, element("legend", {}, "Reasons"), ...boxes),
				element("label", { htmlFor: "comment" }, "In your own words (you may leave this empty)"),
				comment,
				element("button", { className: "main" }, "Send feedback"),
			),
		];
	});
}
