// World MAIN, document_start. Carries bytes, decides nothing; the rules it keeps are in content.js.
(() => {
"use strict";
const {
	AuthenticatorAssertionResponse: Assertion, AuthenticatorAttestationResponse: Attestation, DOMException, Object, Promise,
	PublicKeyCredential, TypeError, Uint8Array, WeakMap, document, setTimeout,
} = window;
const { fromBase64 } = Uint8Array, container = navigator.credentials;
const { ancestorOrigins = [] } = location;
if (origin === "null" || [...ancestorOrigins].some((other) => other !== origin) || !container || !PublicKeyCredential || !fromBase64) return;

const { apply, defineProperty, getOwnPropertyDescriptor: describe, getPrototypeOf, setPrototypeOf } = Reflect;
const { hasOwn } = Object;
const { parse, stringify } = JSON;
const { isView } = ArrayBuffer;
const { iterator } = Symbol;
const { toBase64 } = Uint8Array.prototype;
const { addEventListener, removeEventListener } = EventTarget.prototype;
const { postMessage } = MessagePort.prototype;
const { then } = Promise.prototype;
const { get: weakGet, set: weakSet } = WeakMap.prototype;
const none = [], mark = Symbol.for("keystow");
const bare = (object) => (setPrototypeOf(object, null), object);
const getter = ({ prototype }, name) => {
	const { get } = describe(prototype, name);
	return (self) => apply(get, self, none);
};
const aborted = getter(AbortSignal, "aborted"), reason = getter(AbortSignal, "reason");
const dataOf = getter(MessageEvent, "data"), windowOf = getter(Document, "defaultView");
const check = (holds, message) => {
	if (!holds) throw new TypeError(message);
};
const isObject = (value) => Object(value) === value;

const take = (state, size) => check((state.room -= size) >= 0, "The options are over 1 MiB");
const boolean = (value) => `${!!value}`;
const long = (value) => `${value | 0}`;
const unsigned = (value) => `${value >>> 0}`;
const string = (value, state) => {
	const text = `${value}`;
	take(state, text.length);
	return stringify(text);
};
const TypedArray = getPrototypeOf(Uint8Array), isTyped = getter(TypedArray, Symbol.toStringTag);
const ofView = (name) => {
	const ofTyped = getter(TypedArray, name), ofData = getter(DataView, name);
	return (view) => (isTyped(view) ? ofTyped : ofData)(view);
};
const bufferOf = ofView("buffer"), offsetOf = ofView("byteOffset"), lengthOf = ofView("byteLength");
const isDetached = getter(ArrayBuffer, "detached"), isResizable = getter(ArrayBuffer, "resizable"), sizeOf = getter(ArrayBuffer, "byteLength");
const base64url = bare({ alphabet: "base64url", omitPadding: true });
const bytes = (value, state, most) => {
	const view = isView(value), buffer = view ? bufferOf(value) : value;
	check(!isResizable(buffer), "Resizable buffer");
	const length = isDetached(buffer) ? 0 : (view ? lengthOf : sizeOf)(value);
	check(!most || (length && length <= most), "user.id must be 1 to 64 bytes");
	take(state, length);
	return `"${length ? apply(toBase64, new Uint8Array(buffer, view ? offsetOf(value) : 0, length), [base64url]) : ""}"`;
};
const sequence = (type) => (value, state) => {
	check(isObject(value), "Not a sequence");
	const items = apply(value[iterator], value, none), { next } = items;
	for (let text = ""; ; ) {
		const step = apply(next, items, none);
		if (step.done) return `[${text}]`;
		take(state, 1);
		text += `${text && ","}${type(step.value, state)}`;
	}
};
const dictionary = (members) => (value, state) => {
	const object = value ?? bare({});
	check(isObject(object), "Not a dictionary");
	let text = "";
	for (const name in bare(members)) {
		const type = members[name], must = typeof type === "object", member = object[name];
		check(!must || member !== undefined, `${name} is required`);
		if (member !== undefined) text += `${text && ","}"${name}":${(must ? type[0] : type)(member, state)}`;
	}
	return `{${text}}`;
};
const strings = sequence(string);
const descriptors = sequence(dictionary({ id: [bytes], transports: strings, type: [string] }));
const payment = (_, state) => `${(state.native = true)}`;
const extensions = dictionary({ credProps: boolean, payment });
const members = "digital federated identity mediation otp password publicKey signal uiMode".split(" ");
const served = bare({ optional: 0, required: 0 });
const snapshot = (options, publicKey) => {
	const state = bare({ mediation: "optional", room: 1 << 20 });
	for (let i = 0; i < 9; i++) {
		const name = members[i], value = options[name];
		if (value === undefined) continue;
		if (name === "publicKey") state.options = state.native || publicKey(value, state);
		else if (name === "signal") aborted((state.signal = value));
		else state.native ||= name !== "mediation" || !((state.mediation = `${value}`) in served);
	}
	return state;
};

const { port1: port, port2 } = new MessageChannel(), calls = bare({});
let last = 0, lost = false, silent = false;
const post = (id, what, value = true) => apply(postMessage, port, [`{"id":${id},"${what}":${value}}`]);
const lose = () => {
	lost = true;
	for (const id in calls) calls[id]({ native: true });
};
port.onmessage = (event) => {
	try {
		const text = dataOf(event), reply = bare(parse(text)), { id, gone } = reply;
		silent = false;
		if (gone) lose();
		else if (calls[id]) calls[id](reply, text);
	} catch {
		lose();
	}
};
const ask = (name, { mediation, native, options, signal }, resolve, reject, original) => {
	const id = ++last;
	let heard;
	const end = () => {
		delete calls[id];
		if (signal) apply(removeEventListener, signal, ["abort", abort]);
	};
	const abort = () => {
		if (!aborted(signal)) return;
		end();
		post(id, "abort");
		reject(reason(signal));
	};
	const goNative = () => {
		end();
		apply(then, original(), [resolve, reject]);
	};
	const watch = () => {
		heard = false;
		setTimeout(() => setTimeout(() => {
			if (!calls[id]) return;
			post(id, heard ? "ping" : "abort");
			if (heard) return watch();
			silent = true;
			goNative();
		}, 100), 900);
	};
	if (native || !options) return goNative();
	if (signal && aborted(signal)) return reject(reason(signal));
	if (signal) apply(addEventListener, signal, ["abort", abort]);
	calls[id] = ({ ack, error, native }, text) => {
		if (ack) return (heard = true);
		if (native) return goNative();
		const value = error ? exception(error) : credential(name, text);
		end();
		(error ? reject : resolve)(value);
	};
	post(id, "call", `"${name}","mediation":"${mediation}","options":${options}`);
	watch();
};
const exception = ({ message, name }) => (name === "TypeError" ? new TypeError(message) : new DOMException(message, name));
const credential = (name, text) => {
	const read = () => parse(text).credential;
	const { authenticatorAttachment = null, id, rawId, response, type } = bare(read()), data = bare(response);
	const decode = (text) => (text ? bufferOf(fromBase64(text, base64url)) : null);
	const clientDataJSON = decode(data.clientDataJSON), authenticatorData = decode(data.authenticatorData);
	return make(PublicKeyCredential, {
		authenticatorAttachment,
		getClientExtensionResults: () => read().clientExtensionResults,
		id,
		rawId: decode(rawId),
		response: name === "create" ? make(Attestation, {
			attestationObject: decode(data.attestationObject),
			clientDataJSON,
			getAuthenticatorData: () => decode(data.authenticatorData),
			getPublicKey: () => decode(data.publicKey),
			getPublicKeyAlgorithm: () => data.publicKeyAlgorithm,
			getTransports: () => read().response.transports,
		}) : make(Assertion, {
			authenticatorData, clientDataJSON, signature: decode(data.signature), userHandle: decode(data.userHandle),
		}),
		toJSON: read,
		type,
	});
};
const make = ({ prototype }, values) => {
	const object = new WeakMap();
	setPrototypeOf(object, prototype);
	for (const name in bare(values)) {
		let owner = prototype;
		while (!hasOwn(owner, name)) owner = getPrototypeOf(owner);
		apply(weakSet, patch(owner, name), [object, values[name]]);
	}
	return object;
};
const patch = (owner, name) => {
	const { get, value } = bare(describe(owner, name)), native = get || value;
	if (hasOwn(native, mark)) return native[mark];
	const slots = new WeakMap();
	const answer = (self, args) => {
		const value = apply(weakGet, slots, [self]);
		return value === undefined ? apply(native, self, args) : get ? value : value();
	};
	replace(owner, name, slots, get ? { get [name]() { return answer(this, none); } } : { [name]() { return answer(this, arguments); } });
	return slots;
};
const replace = (owner, name, kept, literal) => {
	const descriptor = bare(describe(literal, name));
	defineProperty(descriptor.get || descriptor.value, mark, bare({ value: kept }));
	defineProperty(owner, name, descriptor);
};
const wrap = (name, publicKey) => {
	const current = container[name], native = hasOwn(current, mark) ? current[mark] : current;
	replace(CredentialsContainer.prototype, name, native, {
		[name]() {
			const original = () => apply(native, this, arguments), options = arguments[0];
			if (lost || silent || this !== container || !isObject(options) || !windowOf(document)) return original();
			return new Promise((resolve, reject) => ask(name, snapshot(options, publicKey), resolve, reject, original));
		},
	});
};
if (document.dispatchEvent(new MessageEvent("keystow", { cancelable: true, ports: [port2] }))) return;
wrap("create", dictionary({
	attestation: string,
	authenticatorSelection: dictionary({
		authenticatorAttachment: string, requireResidentKey: boolean, residentKey: string, userVerification: string,
	}),
	challenge: [bytes],
	excludeCredentials: descriptors,
	extensions,
	hints: strings,
	pubKeyCredParams: [sequence(dictionary({ alg: [long], type: [string] }))],
	rp: [dictionary({ name: [string], id: string })],
	timeout: unsigned,
	user: [dictionary({ name: [string], displayName: [string], id: [(value, state) => bytes(value, state, 64)] })],
}));
wrap("get", dictionary({
	allowCredentials: descriptors,
	challenge: [bytes],
	extensions,
	hints: strings,
	rpId: string,
	timeout: unsigned,
	userVerification: string,
}));
})();
