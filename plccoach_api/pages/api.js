/**
 * Requests to the API, and the problems that it answers with.
 *
 * The session is a cookie that no script can read. The browser sends it with every request to the page's own origin.
 * A page of another origin adds `credentials: "include"` to each request, and its origin must be in CORS_ORIGINS.
 */

/** A failed request: the problem details of its response (RFC 9457), or `offline` without one. */
export class Problem extends Error {
	constructor(details, retryAfter = null) {
		super(details.detail);
		/** The last part of `type`, such as `not-signed-in`: compare this one, never the text. */
		this.kind = details.type.replace("urn:problem:", "");
		this.status = details.status;
		this.errors = details.errors ?? [];
		this.requestId = (details.instance ?? "").replace("urn:request:", "");
		this.retryAfter = retryAfter;
	}
}

const OFFLINE = {
	type: "urn:problem:offline",
	status: 0,
	detail: "The service cannot be reached. Check your connection.",
};

/** Sends a request with an optional JSON body. Returns the response, or throws a Problem. */
export async function request(method, path, { body, headers = {}, signal } = {}) {
	const options = { method, headers: { ...headers }, signal };
	if (body !== undefined) {
		options.headers["Content-Type"] = "application/json";
		options.body = JSON.stringify(body);
	}
	let response;
	try {
		response = await fetch(path, options);
	} catch (error) {
		// fetch throws a TypeError for every failure of the network.
		throw error instanceof TypeError ? new Problem(OFFLINE) : error;
	}
	if (response.ok || response.status === 304) return response;
	throw await problemOf(response);
}

/** Sends a request, and returns the JSON of the response; null for a response without a body. */
export async function json(method, path, options) {
	const response = await request(method, path, options);
	return response.status === 204 ? null : response.json();
}

/** Returns a value that is new at each call: the `Idempotency-Key` of one question. */
export function newKey() {
	// crypto.randomUUID exists only on https and on localhost.
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function problemOf(response) {
	const retryAfter = Number(response.headers.get("Retry-After")) || null;
	try {
		return new Problem(await response.json(), retryAfter);
	} catch {
		// A proxy in front of the service answers without problem details.
		return new Problem({ type: "unknown", status: response.status, detail: "Try again in a moment." }, retryAfter);
	}
}
