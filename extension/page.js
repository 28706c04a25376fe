// World MAIN, document_start. Carries bytes, decides nothing; the rules it keeps are in content.js.
(() => {
"use strict";
const {
	AbortController, AuthenticatorAssertionResponse: Assertion, AuthenticatorAttestationResponse: Attestation, CredentialsContainer,
	DOMException, Object, Promise, PublicKeyCredential, TypeError, Uint8Array, WeakMap, document, setTimeout,
} = window;
const { fromBase64 } = Uint8Array, isHtml = ["text/html", "application/xhtml+xml"].includes(document.contentType);
if (origin === "null" || !isHtml || !CredentialsContainer || !PublicKeyCredential || !fromBase64) return;

const { apply, defineProperty, getOwnPropertyDescriptor: describe, getPrototypeOf, isExtensible, ownKeys, setPrototypeOf } = Reflect;
const { hasOwn } = Object, { parse, stringify } = JSON, { isView } = ArrayBuffer, { iterator } = Symbol;
const { abort: abortBy } = AbortController.prototype, { addEventListener, removeEventListener } = EventTarget.prototype;
const { exec } = RegExp.prototype, { postMessage } = MessagePort.prototype, { sort } = Array.prototype, { then } = Promise.prototype;
const { toBase64 } = Uint8Array.prototype, { get: weakGet, set: weakSet } = WeakMap.prototype;
const none = [], mark = Symbol.for("keystow");
const bare = (object) => (setPrototypeOf(object, null), object);
const getter = ({ prototype }, name, { get } = describe(prototype, name)) => (self) => apply(get, self, none);
const aborted = getter(AbortSignal, "aborted"), reason = getter(AbortSignal, "reason"), nameOf = getter(DOMException, "name"), signalOf = getter(AbortController, "signal");
const dataOf = getter(MessageEvent, "data"), windowOf = getter(Document, "defaultView");
const check = (holds, message) => { if (!holds) throw new TypeError(message); };
// Not by the page, nor by us: the native request was ended for another call's sake, and ours goes on.
const isAbort = (error) => {
	try {
		return nameOf(error) === "AbortError";
	} catch {}
};
const isObject = (value) => Object(value) === value, checkObject = (value) => check(isObject(value), "Not an object");
const follow = (start, resolve, reject) => {
	try { apply(then, start(), [resolve, reject]); } catch (error) { reject(error); }
};

// WebIDL's conversions, to JSON text.
const newState = () => bare({ mediation: "optional", room: 1 << 20 });
const take = (state, size) => check((state.room -= size) >= 0, "The options are over 1 MiB");
const boolean = (value) => `${!!value}`, long = (value) => `${value | 0}`, unsigned = (value) => `${value >>> 0}`;
const string = (value, state, text = `${value}`) => (take(state, text.length), stringify(text));
// Without padding or white space. What is wrong is thrown after the whole conversion, as in L3.
const encoded = (value, state) => {
	const text = string(value, state);
	state.bad ||= !apply(exec, /^"[\w-]*"$/, [text]) || text.length % 4 === 3;
	return text;
};
const TypedArray = getPrototypeOf(Uint8Array), isTyped = getter(TypedArray, Symbol.toStringTag);
const ofView = (name, ofTyped = getter(TypedArray, name), ofData = getter(DataView, name)) => (view) => (isTyped(view) ? ofTyped : ofData)(view);
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
	checkObject(value);
	const items = apply(value[iterator], value, none), { next } = items;
	for (let text = ""; ; ) {
		const step = apply(next, items, none);
		if (step.done) return `[${text}]`;
		take(state, 1);
		text += `${text && ","}${type(step.value, state)}`;
	}
};
const record = (type) => (value, state) => {
	checkObject(value);
	const keys = ownKeys(value);
	let text = "";
	for (let i = 0; i < keys.length; i++) {
		if (describe(value, keys[i])?.enumerable) text += `${text && ","}${string(keys[i], state)}:${type(value[keys[i]], state)}`;
	}
	return `{${text}}`;
};
const dictionary = (members) => (value, state) => {
	const object = value ?? bare({});
	checkObject(object);
	let text = "";
	for (const name in bare(members)) {
		const type = members[name], must = typeof type === "object", member = object[name];
		check(!must || member !== undefined, `${name} is required`);
		if (member !== undefined) text += `${text && ","}"${name}":${(must ? type[0] : type)(member, state)}`;
	}
	return `{${text}}`;
};
const strings = sequence(string), descriptors = sequence(dictionary({ id: [bytes], transports: strings, type: [string] }));
const inputs = (bytes, values = dictionary({ first: [bytes], second: bytes })) => ({
	appid: string, appidExclude: string, credBlob: bytes, credProps: boolean, credentialProtectionPolicy: string,
	enforceCredentialProtectionPolicy: boolean, getCredBlob: boolean,
	largeBlob: dictionary({ read: boolean, support: string, write: bytes }), minPinLength: boolean,
	payment: (_, state) => `${(state.native = true)}`, prf: dictionary({ eval: values, evalByCredential: record(values) }),
});
const extensions = dictionary(inputs(bytes));
const publicKeys = bare({
	create: dictionary({
		attestation: string,
		authenticatorSelection: dictionary({
			authenticatorAttachment: string, requireResidentKey: boolean, residentKey: string, userVerification: string,
		}),
		challenge: [bytes], excludeCredentials: descriptors, extensions, hints: strings,
		pubKeyCredParams: [sequence(dictionary({ alg: [long], type: [string] }))], rp: [dictionary({ name: [string], id: string })], timeout: unsigned,
		user: [dictionary({ name: [string], displayName: [string], id: [(value, state) => bytes(value, state, 64)] })],
	}),
	get: dictionary({
		allowCredentials: descriptors, challenge: [bytes], extensions, hints: strings, rpId: string, timeout: unsigned, userVerification: string,
	}),
});
const members = bare({
	create: "digital federated mediation password publicKey signal".split(" "),
	get: "digital federated identity mediation otp password publicKey signal uiMode".split(" "),
});
const served = bare({ create: bare({ conditional: 0, optional: 1, required: 1 }), get: bare({ conditional: 0, immediate: 1, optional: 1, required: 1 }) });
const snapshot = (call, options) => {
	const state = newState(), names = members[call];
	for (let i = 0; i < names.length; i++) {
		const name = names[i], value = options[name];
		if (value === undefined) continue;
		if (name === "publicKey") state.options = state.native || publicKeys[call]((state.publicKey = value), state);
		else if (name === "signal") aborted((state.signal = value));
		else if (name === "uiMode" && `${value}` === "immediate" && state.mediation !== "conditional") state.mediation = "immediate";
		else state.native = name !== "mediation" || !((state.mediation = `${value}`) in served[call]) || state.native;
	}
	return state;
};

const { port1: port, port2 } = new MessageChannel(), calls = bare({}), nobody = bare({ native: true });
let last = 0, lost = false, silent = false;
const post = (fields) => apply(postMessage, port, [`{${fields}}`]);
const lose = () => {
	lost = true;
	for (const id in calls) calls[id](nobody);
};
port.onmessage = (event) => {
	try {
		const text = dataOf(event), reply = bare(parse(text)), { id } = reply;
		silent = false;
		if (reply.check) tell(true);
		else if (reply.gone) lose();
		else if (calls[id]) calls[id](reply, text);
	} catch {
		lose();
	}
};
// A call to content.js. `read` makes of the reply what is to be done. Returns how the call is taken back.
const send = (fields, read, watched = true) => {
	if (lost || silent || !windowOf(document)) return read(nobody)();
	const id = ++last;
	let heard;
	const watch = () => {
		heard = false;
		setTimeout(() => setTimeout(() => {
			if (!calls[id]) return;
			post(`"id":${id},"${heard ? "ping" : "abort"}":true`);
			if (heard) return watch();
			silent = true;
			calls[id](nobody);
		}, 100), 900);
	};
	calls[id] = (reply, text) => {
		if (reply.ack) return (heard = true);
		const act = read(reply, text);
		delete calls[id];
		act();
	};
	post(`"id":${id},${fields}`);
	if (watched) watch();
	return () => calls[id] && (delete calls[id], post(`"id":${id},"abort":true`));
};

// `parked` ends the document's conditional get; `ending` is the native one that was told to: until it has, Chromium takes no other.
let parked, ending;
const whenEnded = (next) => (ending ? follow(() => ending, next, next) : next());
const serve = (call, { mediation, native, options, publicKey, signal }, resolve, reject, original) => {
	const isOurs = options && !native && !lost && !silent && canAnswer(call), parks = call === "get" && mediation === "conditional";
	const goNative = (args) => whenEnded(() => follow(() => original(args), resolve, reject));
	const isAborted = () => signal && aborted(signal);
	const fail = (name, message) => reject(isAborted() ? reason(signal) : new DOMException(message, name));
	if (isOurs && isAborted()) return fail();
	if (parked && options && (parks || served.get[mediation])) parked();
	if (!isOurs) return goNative();

	let isOver, stop, waiting = parks ? 2 : 1, withdraw;
	const end = (settle, value) => {
		if (isOver) return;
		isOver = true;
		withdraw();
		if (signal) apply(removeEventListener, signal, ["abort", abort]);
		if (parks) stop();
		settle(value);
	};
	const abort = () => isAborted() && end(fail);
	const goImmediate = () => {
		const refuse = () => fail("NotAllowedError", "No passkey is at hand.");
		follow(nativeCapabilities, (all) => (all?.immediateGet ? goNative([bare({ publicKey, signal, uiMode: "immediate" })]) : refuse()), refuse);
	};
	const pass = () => !--waiting && end(mediation === "immediate" ? goImmediate : goNative);
	if (signal) apply(addEventListener, signal, ["abort", abort]);
	if (parks) { // beside ours, the native conditional request
		const controller = new AbortController();
		let running;
		const start = () => (running = original([bare({ mediation, publicKey, signal: signalOf(controller) })]));
		follow(isConditional, (isAvailable) => whenEnded(() => {
			if (!isAvailable) pass();
			else if (!isOver) follow(start, (value) => end(resolve, value), (error) => (isAbort(error) ? pass() : end(reject, error)));
		}), pass);
		stop = () => {
			apply(abortBy, controller, none);
			ending = running || ending;
			parked = null;
		};
		parked = () => end(() => fail("AbortError", "A later request took its place."));
	}
	withdraw = send(`"call":"${call}","mediation":"${mediation}","options":${options}`, ({ error, native }, text) => {
		if (native) return pass;
		const value = error ? exception(error) : credential(call, text);
		return () => end(error ? reject : resolve, value);
	}, !parks);
};

const exception = ({ message, name }) => (name === "TypeError" ? new TypeError(message) : new DOMException(message, name));
const toBuffer = (text) => bufferOf(fromBase64(text, base64url)), decode = (text) => (text ? toBuffer(text) : null);
const inBytes = bare({ blob: 1, credBlob: 1, first: 1, getCredBlob: 1, second: 1, write: 1 });
const withBuffers = (name, value) => (inBytes[name] && typeof value === "string" ? toBuffer(value) : value);
const credential = (name, text) => {
	const read = () => parse(text).credential, results = () => parse(text, withBuffers).credential.clientExtensionResults;
	const { authenticatorAttachment = null, id, rawId, response, type } = bare(read()), data = bare(response);
	const clientDataJSON = decode(data.clientDataJSON), authenticatorData = decode(data.authenticatorData);
	results();
	return make(PublicKeyCredential, {
		authenticatorAttachment, getClientExtensionResults: results, id, rawId: decode(rawId), toJSON: read, type,
		response: name === "create" ? make(Attestation, {
			attestationObject: decode(data.attestationObject), clientDataJSON,
			getAuthenticatorData: () => decode(data.authenticatorData), getPublicKey: () => decode(data.publicKey),
			getPublicKeyAlgorithm: () => data.publicKeyAlgorithm, getTransports: () => read().response.transports,
		}) : make(Assertion, { authenticatorData, clientDataJSON, signature: decode(data.signature), userHandle: decode(data.userHandle) }),
	});
};
// Not in a page that froze the prototypes; in one that will, it is now made sure of.
const canAnswer = (call) => {
	try { return credential(call, '{"credential":{"response":{}}}'); } catch {}
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
	check(defineProperty(owner, name, descriptor), "Locked");
};

// What takes a native function's place, except in a detached document.
const around = (length, run) => (name, native) => {
	const literal = {
		[name]() {
			const original = (args = arguments) => apply(native, this, args);
			return native && !windowOf(document) ? original() : run(original, arguments[0], name, native, this);
		},
	};
	defineProperty(literal[name], "length", bare({ value: length }));
	return literal;
};
const method = around(0, (original, options, name, _, self) => {
	if (self !== container || !isObject(options) || ((lost || silent) && !parked)) return original();
	return new Promise((resolve, reject) => serve(name, snapshot(name, options), resolve, reject, original));
});
const capability = (merge) => around(0, (original) => new Promise((resolve, reject) => {
	send('"call":"capabilities"', ({ capabilities }) => {
		const ours = capabilities && bare(capabilities);
		return () => follow(original, (theirs) => resolve(ours ? merge(theirs, ours) : theirs), reject);
	});
}));
const union = (theirs, ours) => {
	const all = { __proto__: null, ...ours, ...theirs }, names = apply(sort, ownKeys(all), none);
	let text = "";
	for (let i = 0; i < names.length; i++) text += `${text && ","}${stringify(names[i])}:${!!(all[names[i]] || ours[names[i]])}`;
	return parse(`{${text}}`);
};
// The native conversion, then the extensions that it dropped: Firefox appidExclude, credBlob and getCredBlob, Chromium none.
const parser = around(1, (original, options) => {
	const result = original(), { extensions } = result, given = options.extensions, state = newState();
	const types = isObject(given) && isObject(extensions) ? bare(inputs(encoded)) : null;
	for (const name in types) {
		const value = name === "payment" || hasOwn(extensions, name) ? undefined : given[name];
		if (value === undefined) continue;
		const text = `{"${name}":${types[name](value, state)}}`;
		if (state.bad) throw new DOMException(`extensions.${name} is not base64url.`, "EncodingError");
		defineProperty(extensions, name, bare(describe(parse(text, withBuffers), name)));
	}
	return result;
});
const signals = (members, type = dictionary(members)) => around(1, (original, options, name, native) => new Promise((resolve, reject) => {
	const state = newState(), text = type(options, state);
	check(!state.bad, "An ID is not base64url.");
	const finish = () => (native ? follow(original, resolve, reject) : resolve());
	send(`"call":"${name}","options":${text}`, ({ error }) => () => (error ? reject(exception(error)) : finish()));
}));
const either = (name) => capability((theirs, ours) => theirs || ours[name] === true);
const statics = bare({
	getClientCapabilities: capability(union), isConditionalMediationAvailable: either("conditionalGet"),
	isUserVerifyingPlatformAuthenticatorAvailable: either("userVerifyingPlatformAuthenticator"),
	parseCreationOptionsFromJSON: parser, parseRequestOptionsFromJSON: parser,
	signalAllAcceptedCredentials: signals({ allAcceptedCredentialIds: [sequence(encoded)], rpId: [string], userId: [encoded] }),
	signalCurrentUserDetails: signals({ displayName: [string], name: [string], rpId: [string], userId: [encoded] }),
	signalUnknownCredential: signals({ credentialId: [encoded], rpId: [string] }),
});

// What is here is wrapped once, and called by ours. What cannot be wrapped, or is not what a page then gets, is told.
const wrappers = bare({});
let container = none;
try { container = getter(Navigator, "credentials")(navigator); } catch {}
const nativeOf = (owner, name, current = owner[name]) => (current && hasOwn(current, mark) ? current[mark] : current);
const wrap = (owner, name, build) => {
	wrappers[name] = null;
	try {
		const native = nativeOf(owner, name), literal = build(name, native);
		replace(owner, name, native, literal);
		wrappers[name] = literal[name];
	} catch {}
};
const tell = (always) => {
	let names = "";
	for (const name in wrappers) {
		let found;
		try { found = (name in members ? navigator.credentials === container && container : window.PublicKeyCredential)[name]; } catch {}
		if (found !== wrappers[name]) names += `${names && ","}"${name}"`;
	}
	if (names || always) post(`"locked":[${names}]`);
	return names;
};
const ofNative = (name, native = nativeOf(PublicKeyCredential, name)) => () => apply(native, PublicKeyCredential, none);
const nativeCapabilities = ofNative("getClientCapabilities"), isConditional = ofNative("isConditionalMediationAvailable");
if (document.dispatchEvent(new MessageEvent("keystow", { cancelable: true, ports: [port2] }))) return;
for (const name in members) wrap(CredentialsContainer.prototype, name, method);
if (tell()) return;
// Feature detection is one truth: all of these, or none.
for (const name in statics) {
	if (!(describe(PublicKeyCredential, name) ?? { configurable: isExtensible(PublicKeyCredential) }).configurable) wrappers[name] = null;
}
if (!tell()) for (const name in statics) wrap(PublicKeyCredential, name, statics[name]);
})();
