/** A thumb for an answer; after a thumb down reasons and a comment. The same thumb again takes it back. */

import { json } from "./api.js";
import { announce, button, byId, showDialog } from "./dom.js";

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

/** Returns undefined when the person left the dialog. */
async function askForReasons() {
	byId("feedback").reset();
	if (!(await showDialog(byId("feedback-dialog")))) return undefined;
	const data = new FormData(byId("feedback"));
	return { reasons: data.getAll("reason"), comment: data.get("comment").trim() || null };
}
