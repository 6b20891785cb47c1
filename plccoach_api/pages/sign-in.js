/**
 * Signing in and out. The browser opens an address of the service and comes back with a session cookie.
 */

import { json } from "./api.js";
import { button, byId, element, note } from "./dom.js";
import { place } from "./drafts.js";
import { adviceOn } from "./notice.js";

const PEOPLE = [
	["educator", "Educator", "asks about teaching and teams"],
	["coach", "Coach", "supports several teams"],
	["admin", "Administrator", "also manages people"],
];

/** Returns a button for each way to sign in. In development there is one for each role. */
export async function signInButtons() {
	const { items } = await json("GET", "/auth/providers");
	const buttons = items.flatMap((provider) =>
		provider.name === "development"
			? PEOPLE.map(([role, name, about]) => way(name, about, provider, { email: `${role}@example.org`, name, role }))
			: [way(`Sign in with ${provider.label}`, "", provider)],
	);
	return buttons.length ? buttons : [note("No way to sign in is set up yet.")];
}

function way(label, about, provider, person = {}) {
	const go = () => {
		place.set(location.hash);
		location.assign(`${provider.login_url}?${new URLSearchParams({ ...person, next: "/try" })}`);
	};
	return button("person", go, label, element("small", {}, about));
}

/** Returns to the place before the sign-in, without a new entry in the history. */
export function restorePlace() {
	const hash = place.get();
	place.clear();
	if (hash && !location.hash) history.replaceState(null, "", hash);
}

/** Shows the ways to sign in, or the problem that keeps the page from its beginning. */
export async function showSignIn(problem) {
	byId("sign-in").hidden = false;
	try {
		if (problem.kind !== "not-signed-in") throw problem;
		byId("ways").replaceChildren(...(await signInButtons()));
	} catch (failure) {
		if (!("kind" in failure)) throw failure;
		byId("ways").replaceChildren(note(adviceOn(failure)), button("main", () => location.reload(), "Try again"));
	}
}

export async function signOut() {
	await json("POST", "/auth/logout");
	sessionStorage.clear();
	location.assign("/try");
}
