// The check on the reader's own device: the verifier itself, run by their
// browser. What they bring stays in the page. The same script serves the page
// of the site, which loads the program when it is first asked for, and the
// checker that people save as one file, which carries it. Codes in pictures and
// before the camera are read by scan.js.
"use strict";

(() => {
  const place = document.querySelector("[data-device]");
  const kept = document.querySelector("template[data-device-words]")?.content;
  const form = place?.closest("form");
  const button = place?.querySelector("[data-act=check-device]");
  if (!form || !kept || typeof WebAssembly !== "object") { return; }

  const words = new Map([...kept.querySelectorAll("[data-key]")].map((i) => [i.dataset.key, i.textContent]));
  const known = JSON.parse(kept.querySelector("[data-known]").textContent || "{}");
  const inside = document.querySelector("script[data-program]");
  const state = place.querySelector("[data-device-state]");
  const lang = document.documentElement.lang;

  // Markup: elements and text alone, so that no text of a stranger becomes more.
  const el = (tag, attributes, ...kids) => {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) { e.setAttribute(name, value); }
    e.append(...kids.flat(Infinity).filter((kid) => kid !== undefined));
    return e;
  };
  const icon = (name) => kept.querySelector(`[data-icon="${name}"] svg`).cloneNode(true);
  const word = (key, otherwise = "") => words.get(key) ?? otherwise;
  const isolated = (...kids) => el("bdi", {}, kids);
  const say = (key, values) => word(key).split(/\{(\w+)\}/).map((part, i) => (i % 2 ? values[part] : part));

  // Days are shown as they were signed, in the zone that was written with them.
  const day = (stamp) => {
    const at = new Date(`${stamp.slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(at.getTime()) ? stamp : new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(at);
  };
  const dayElement = (stamp) => el("time", { datetime: stamp.slice(0, 10) }, day(stamp));
  const dated = (sentence) => sentence.replace(/\b\d{4}-\d{2}-\d{2}\b/g, day);

  // What the verifier says is English. Phrases say it in the language of the page, by
  // the rules of the server: a value may be a phrase itself, sentences may follow each
  // other, and what is said of an error begins small within a sentence. What no phrase
  // fits stays English and is marked as such.
  const phrases = JSON.parse(kept.querySelector("[data-phrases]").textContent || "[]").map(([english, text]) =>
    ({ parts: english.split(/(%(?:\[[0-9]+\])?(?:[a-z]|04X|%))/), text }));
  const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const put = (sentence, write) => {
    for (const p of phrases) {
      if (!sentence.startsWith(p.parts[0])) { continue; }
      p.english ??= new RegExp(`^${p.parts.map((part, i) => (i % 2 === 0 ? literally(part) : part === "%%" ? "%" : "([^]*)")).join("")}$`, "u");
      const values = p.english.exec(sentence);
      if (values) {
        return p.text.split(/%([0-9])/).map((part, i) => (i % 2 ? isolated(write(values[part])) : part));
      }
    }
    return undefined;
  };
  const capital = ([first, ...rest]) => [typeof first === "string" && first ? first[0].toUpperCase() + first.slice(1) : first, ...rest];
  const unended = (text) => [...text.slice(0, -1), text.at(-1).replace?.(/\.$/, "") ?? text.at(-1)];
  const finding = (sentence, deep) => {
    if (deep === 0 || !sentence) { return undefined; }
    const write = (value) => finding(value, deep - 1) ?? dated(value);
    const first = String.fromCodePoint(sentence.codePointAt(0));
    const small = first.toLowerCase() + sentence.slice(first.length);
    const large = first.toUpperCase() + sentence.slice(first.length);
    for (const form of [sentence, large, small]) {
      const text = put(form, write);
      if (text) { return text; }
    }
    for (const form of [sentence, small]) {
      const text = form.endsWith(".") && put(form.slice(0, -1), write);
      if (text) { return [...capital(text), "."]; }
    }
    const whole = put(`${large}.`, write);
    if (whole) { return unended(whole); }
    for (let at = sentence.indexOf(". "); at >= 0; at = sentence.indexOf(". ", at + 1)) {
      const [one, rest] = [finding(sentence.slice(0, at + 1), deep - 1), finding(sentence.slice(at + 2), deep - 1)];
      if (one && rest) { return [one, " ", rest]; }
    }
    return undefined;
  };
  const worded = (sentence) => {
    if (!sentence || phrases.length === 0) { return dated(sentence ?? ""); }
    return el("span", {}, finding(sentence, 3) ?? el("span", { lang: "en", dir: "ltr" }, dated(sentence)));
  };

  const most = 2 << 20; // bytes that the program takes; of more it says that they are too many
  // What was brought: bytes of a file, or text; a link would have to be followed.
  const brought = async () => {
    const field = (name) => form.elements.namedItem(name);
    const file = field("file")?.files?.[0];
    if (file) { return { input: new Uint8Array(await file.slice(0, most + 1).arrayBuffer()), file }; }
    const pasted = field("text")?.value.trim();
    if (pasted) { return /^https?:\/\/\S+$/i.test(pasted) ? { link: pasted } : { input: pasted }; }
    return { link: field("link")?.value.trim() };
  };

  const loadScript = (src) => new Promise((done, failed) => {
    const script = el("script", { src });
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  const unpack = () => {
    const packed = Uint8Array.from(atob(inside.textContent), (c) => c.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };

  // The program stays in the page once it runs. If it ever ends, it is started
  // anew the next time.
  let running;
  const start = () => running ??= (async () => {
    try {
      if (!inside) { await loadScript(place.dataset.starter); }
      const go = new Go();
      const { instance } = inside
        ? await WebAssembly.instantiate(await unpack(), go.importObject)
        : await WebAssembly.instantiateStreaming(fetch(place.dataset.program, { credentials: "omit" }), go.importObject);
      go.run(instance).finally(() => { running = undefined; });
    } catch (error) {
      running = undefined;
      throw error;
    }
  })();

  // The operator of this page is who they are: their own badges are judged as
  // on their server, by keys that came with the page.
  const verify = (input, given) => {
    const first = JSON.parse(hallmarkVerify(input, given));
    const issuer = first.report?.issuer.id;
    const own = (known.ids ?? []).includes(issuer) && outcome(first.shown, "issuer") === "verified";
    return own ? JSON.parse(hallmarkVerify(input, { ...given, trust: issuer })) : first;
  };

  // What follows shows a result as the page of the server does: the parts
  // "verdict", "checks", "endorsed", "claims", "report" and "machines".
  const outcome = (result, name) => result.Deciding.find((c) => c.Name === name)?.Outcome;
  const list = (value) => value ?? [];
  const stamp = (time) => (time.startsWith("0001-") ? "" : time);
  const parsed = (link) => {
    try {
      return new URL(link);
    } catch {
      return undefined;
    }
  };
  const host = (link) => {
    const u = parsed(link);
    return u && /^https?:$/.test(u.protocol) ? u.hostname : "";
  };

  const clock = (time) => new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(time));
  const clockElement = (time) => el("time", { datetime: time }, clock(time));

  const headline = (result) => {
    const verdict = result.Verdict;
    if (verdict === "verified" && stamp(result.AsOf)) {
      return say(result.Issuer.Trusted ? "headline.stapled" : "headline.stapled.untrusted", { when: clockElement(result.AsOf) });
    }
    const check = result.Deciding.find((c) => c.Outcome === verdict);
    const key = verdict !== "verified" ? `${verdict}.${check?.Name}` : result.Issuer.Trusted ? verdict : "verified.untrusted";
    return word(`headline.${key}`, word(`headline.${verdict}`));
  };

  const vouches = (result) => {
    if (["format", "proof", "issuer"].some((name) => outcome(result, name) !== "verified")) { return word("verdict.unproved"); }
    const { Domain, Name, How } = result.Issuer;
    return [
      Domain ? say("verdict.domain", { domain: isolated(Domain) }) : word("verdict.nodomain"),
      Name ? [" ", say("verdict.callsitself", { name: isolated(Name) })] : [],
      How ? [" ", worded(How)] : [],
    ];
  };

  const toWhom = (claims) => {
    const at = stamp(claims.AwardedOn) || stamp(claims.ValidFrom);
    const values = { badge: isolated(claims.Achievement), name: isolated(claims.Recipient), day: at ? dayElement(at) : "" };
    return el("p", { class: "lead" }, say(claims.Recipient ? "verdict.named" : "verdict.nameless", values));
  };

  const foreign = (result) => {
    if (result.Verdict !== "verified" || result.Issuer.Trusted) { return []; }
    const from = result.Issuer.Domain;
    return el("p", { class: "foreign" }, from ? say("verdict.foreign", { domain: isolated(from) }) : word("verdict.foreign.nodomain"));
  };

  const verdict = (result, said) => {
    const [first, ...more] = result.Deciding.filter((c) => c.Outcome === result.Verdict).map((c) => worded(c.Reason));
    const because = [el("p", { class: "lead" }, first), result.Verdict === "refused" ? more.map((reason) => el("p", {}, reason)) : []];
    return el("section", { class: `verdict verdict-${result.Verdict}${result.Issuer.Trusted ? "" : " verdict-foreign"}`, id: "verdict", "data-verdict": result.Verdict, role: "status", tabindex: "-1" },
      el("div", { class: "verdict-head" }, icon(result.Verdict), el("h2", {}, headline(result))),
      el("div", { class: "verdict-text measure" },
        result.Legacy ? el("p", { class: "legacy" }, icon("info"), el("span", {}, say("verdict.legacy", { kind: isolated(result.Legacy) }))) : [],
        result.Verdict === "verified" ? toWhom(result.Claims) : because,
        result.Verdict === "verified" && stamp(result.AsOf) ? el("p", {}, say("verdict.stapled", { until: clockElement(result.Until) })) : [],
        el("p", { class: "quiet" }, vouches(result)),
        foreign(result),
        el("p", { class: "said", "data-said": "" }, icon("device"), el("span", {}, said)),
        el("p", { class: "small quiet" }, word("verdict.checked"), " ", clockElement(result.CheckedAt))));
  };

  const checkLine = (c) => el("li", { class: "check", "data-check": c.Name, "data-outcome": c.Outcome },
    el("span", { class: `is-${c.Outcome}` }, icon(c.Outcome)),
    el("div", {}, el("span", { class: "check-name" }, `${word(`check.${c.Name}`, c.Name)}:`), " ",
      el("span", { class: `is-${c.Outcome}` }, word(`outcome.${c.Outcome}`)),
      c.Reason ? [el("br"), el("span", { class: "check-reason" }, worded(c.Reason))] : []));
  const checkList = (lines) => el("ul", { class: "checks" }, lines.map(checkLine));
  const asked = (c) => c.Outcome !== "skipped";

  const findings = (c) => (list(c.Findings).length ? el("details", { "data-findings": c.Name },
    el("summary", {}, `${word(`check.${c.Name}`, c.Name)}: `, say(c.Findings.length === 1 ? "checks.findings.one" : "checks.findings.other", { n: String(c.Findings.length) })),
    el("ul", { class: "bullets small" }, c.Findings.map((f) => el("li", {}, worded(f.Reason), f.At ? [" ", el("span", { class: "mono quiet" }, f.At)] : [])))) : []);

  const checks = (result) => {
    const noted = result.Informing.filter(asked);
    return el("section", { class: "section", "aria-labelledby": "checks-title" },
      el("h2", { id: "checks-title" }, word("checks.title")),
      checkList([...result.Deciding.filter(asked), ...result.Deciding.filter((c) => !asked(c))]),
      noted.length ? [el("h3", { class: "noted" }, word("checks.noted")), checkList(noted), noted.map(findings)] : []);
  };

  const endorsed = (result) => (list(result.Endorsements).length ? el("section", { class: "section", "aria-labelledby": "endorsed-title" },
    el("h2", { id: "endorsed-title" }, word("endorsed.title")),
    el("ul", { class: "rows" }, result.Endorsements.map((e) => el("li", { class: "stack-tight", "data-endorsement": e.Outcome },
      el("p", {}, el("span", { class: `state is-${e.Outcome}`, "data-state": e.Outcome }, icon(e.Outcome), el("span", {}, word(`outcome.${e.Outcome}`))), " ",
        e.Issuer.Name ? el("bdi", {}, `“${e.Issuer.Name}”`) : [], " ", e.Issuer.Domain ? el("span", { class: "small quiet" }, e.Issuer.Domain) : []),
      e.Comment ? el("blockquote", { class: "quote" }, prose(e.Comment)) : [],
      el("p", { class: "small quiet" }, worded(e.Reason)))))) : []);

  const fact = (key, value) => el("div", {}, el("dt", {}, word(key)), el("dd", {}, value));
  const part = (key, ...kids) => el("div", {}, el("h3", {}, word(key)), kids);
  const prose = (value) => el("p", { class: "prose", dir: "auto" }, value);
  const anchor = (link, ...kids) => el("a", { href: link, rel: "nofollow noopener noreferrer" }, kids);
  const outside = (link) => {
    const at = host(link.URL);
    return [
      at ? [anchor(link.URL, isolated(link.Name || at)), " ", el("span", { class: "small quiet" }, at)] : isolated(link.Name),
      link.Description ? [el("br"), el("span", { class: "small quiet" }, isolated(link.Description))] : [],
    ];
  };
  const links = (key, all) => (list(all).length ? part(key, el("ul", { class: "bullets" }, all.map((link) => el("li", {}, outside(link))))) : []);

  const facts = (c) => {
    const when = (key, time) => (stamp(time) ? fact(key, dayElement(time)) : []);
    return el("dl", { class: "facts" },
      c.Achievement ? fact("claims.achievement", isolated(c.Achievement)) : [],
      c.Type ? fact("claims.type", word(`achievementType.${c.Type}`, c.Type)) : [],
      fact("claims.recipient", c.Recipient ? isolated(c.Recipient) : word("claims.noname")),
      when("claims.awarded", c.AwardedOn),
      when("claims.from", c.ValidFrom),
      stamp(c.ValidUntil) ? when("claims.until", c.ValidUntil) : fact("claims.until", word("claims.forever")));
  };
  const told = (c) => {
    const at = host(c.CriteriaURL);
    return el("div", { class: "stack" },
      c.Description ? part("claims.description", prose(c.Description)) : [],
      c.Criteria || at ? part("claims.criteria", c.Criteria ? prose(c.Criteria) : [], at ? el("p", {}, anchor(c.CriteriaURL, at)) : []) : [],
      list(c.Results).length ? part("claims.results", el("dl", { class: "facts" }, c.Results.map((r) => el("div", {}, el("dt", {}, r.Name), el("dd", {}, isolated(r.Level)))))) : [],
      links("claims.skills", c.Skills),
      links("claims.evidence", c.Evidence));
  };
  const claimed = (result) => {
    const c = result.Claims;
    const proved = outcome(result, "proof") === "verified";
    const any = c.Achievement || c.Recipient || stamp(c.ValidFrom);
    if (proved && !any) { return []; }
    return el("section", { class: "section stack", "aria-labelledby": "claims-title" },
      el("h2", { id: "claims-title" }, word(proved ? "claims.title" : "claims.unproved")),
      any ? [facts(c), told(c)] : el("p", { class: "measure" }, word("claims.silent")));
  };

  const keep = (json) => {
    const print = el("button", { type: "button" }, icon("print"), el("span", {}, word("keep.print")));
    print.addEventListener("click", () => window.print());
    return el("section", { class: "section stack no-print", "aria-labelledby": "report-title" },
      el("h2", { id: "report-title" }, word("keep.title")),
      el("p", { class: "small quiet measure" }, word("keep.what")),
      el("div", { class: "row" }, print,
        el("a", { class: "button", download: "badge-report.json", href: `data:application/json,${encodeURIComponent(json)}`, "data-act": "save-report" },
          icon("save"), el("span", {}, word("keep.save")))));
  };

  const machines = (result, json) => el("details", { class: "machines" }, el("summary", {}, word("machines.title")),
    el("div", { class: "stack" },
      el("p", { class: "small quiet measure" }, word("machines.what")),
      checkList(result.Informing.filter((c) => !asked(c))),
      el("dl", { class: "facts" }, [["issuer", result.Issuer.ID], ["id", result.Claims.ID], ["subject", result.Claims.Subject]].filter(([key, id]) => id || key === "issuer")
        .map(([key, id]) => el("div", {}, el("dt", {}, word(`machines.${key}`)), el("dd", { class: "mono" }, id)))),
      el("pre", { tabindex: "0" }, json)));

  // Whether a badge was taken back is known to its issuer alone. Where that is
  // the operator of this page, their list can be asked for: many badges share
  // it, so that asking tells little. It is asked for on a second click only.
  const ownList = (report) => {
    if (inside) { return undefined; }
    const entries = [report.credential?.credentialStatus ?? []].flat();
    return entries.map((e) => e?.statusListCredential).find((url) => typeof url === "string" && parsed(url)?.origin === location.origin);
  };
  // ask gives a button that gets more from this site, on a second click only, and
  // checks again with the texts of it.
  const ask = (act, label, urls, again) => {
    const button = el("button", { type: "button", "data-act": act }, word(label));
    button.addEventListener("click", () => show(async () => {
      const texts = await Promise.all(urls.map(async (url) => {
        const answer = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
        if (!answer.ok) { throw new Error(`${url}: ${answer.status}`); }
        return answer.text();
      }));
      return again(...texts);
    }));
    return el("div", {}, button);
  };
  const open = (key, ...kids) => el("div", { class: "stack no-print", "data-standing": "" }, el("p", { class: "measure" }, word(key)), kids);
  const standing = ({ report, shown }, input, given) => {
    if (outcome(shown, "proof") !== "verified") { return []; }
    // A key that was given up is good for what the public log has from before.
    const id = report.credential?.id ?? "";
    const logged = known.log?.prefix && id.startsWith(known.log.prefix) && !inside && parsed(id)?.origin === location.origin;
    if (outcome(shown, "issuer") === "undetermined" && logged && given.log.proofs[id] === undefined) {
      return open("device.standing.proof", ask("ask-proof", "device.askproof", [`${id}/proof`, `${id}.json`], (proof, signed) =>
        reported(input, { ...given, log: { ...given.log, proofs: { [id]: proof }, signed: { [id]: signed } } }, word("device.saidproof"))));
    }
    if (outcome(shown, "status") !== "undetermined") { return []; }
    const url = ownList(report);
    if (!url || given.lists?.[url] !== undefined) {
      return el("p", { class: "measure no-print", "data-standing": "" }, word(inside ? "device.standing.offline" : "device.standing"));
    }
    return open("device.standing.own", ask("ask-list", "device.asklist", [url], (text) =>
      reported(input, { ...given, lists: { [url]: text } }, word("device.saidlist"))));
  };

  const problem = (sentence) => el("p", { class: "problem", role: "alert", "data-problem": "" }, icon("problem"), el("span", {}, sentence));

  const reported = (input, given, said) => {
    const begin = performance.now();
    const { report, shown, error } = verify(input, given);
    performance.measure("hallmark-verdict", { start: begin, end: performance.now() });
    if (error) { return [problem(error)]; }
    const json = JSON.stringify(report, null, 2);
    return [
      verdict(shown, said),
      standing({ report, shown }, input, given),
      el("div", { class: "two" },
        el("div", { class: "stack-wide" }, checks(shown), endorsed(shown)),
        el("div", { class: "stack-wide" }, claimed(shown), keep(json), machines(shown, json))),
    ].flat(Infinity);
  };

  // A slip is the short form of a badge in a QR code. What it says is shown only
  // where its signature was found right.
  const slipIn = (text) => /(^|#)\s*S1\.[A-Z2-7]+\s*$/i.test(text);
  const slipFacts = (said) => el("dl", { class: "facts" },
    ["issuer", "achievement", "name", "awarded", "until", "printed", "credential"].filter((name) => said[name]).map((name) =>
      el("div", {}, el("dt", {}, word(`device.slip.fact.${name}`)), el("dd", name === "credential" ? { class: "mono" } : {}, isolated(dated(said[name]))))));
  const slipped = (text) => {
    const { judged: answer, error } = JSON.parse(hallmarkSlip(text, { slipKeys: (known.slipKeys ?? []).join("\n") }));
    if (error) { return [problem(error)]; }
    const printed = answer.verdict === "verified as printed";
    const tone = printed ? "verified" : answer.verdict;
    return [el("section", { class: `verdict verdict-${tone}`, id: "verdict", "data-verdict": answer.verdict, "data-slip-answer": "", role: "status", tabindex: "-1" },
      el("div", { class: "verdict-head" }, icon(tone), el("h2", {}, word(`device.slip.${printed ? "printed" : tone}`))),
      el("div", { class: "verdict-text measure" },
        el("p", { class: "lead" }, worded(answer.summary)),
        printed ? slipFacts({ issuer: known.name, ...answer.slip }) : [],
        el("p", { class: "quiet" }, word("device.slip.what")),
        el("p", { class: "said", "data-said": "" }, icon("device"), el("span", {}, word("device.said")))))];
  };

  // show puts an answer where answers stand, and says what goes on until then.
  const answer = document.querySelector("[data-answer]");
  const show = async (make) => {
    button.disabled = true;
    state.hidden = false;
    state.textContent = word("device.loading");
    let content;
    try {
      content = await make();
    } catch {
      content = [problem(word(inside ? "device.failed.offline" : "device.failed"))];
    }
    document.querySelector("main [data-problem]")?.remove();
    answer.replaceChildren(...content);
    state.hidden = true;
    button.disabled = false;
    const verdictNow = document.getElementById("verdict");
    verdictNow?.focus();
    answer.scrollIntoView({ block: "start" });
  };

  const check = () => show(async () => {
    const { input, link, file } = await brought();
    const text = link ?? (typeof input === "string" ? input : "");
    if (!slipIn(text) && link) { return [problem(word(inside ? "device.link.offline" : "device.link"))]; }
    if (!slipIn(text) && !input) { return [problem(word("device.nothing"))]; }
    await start();
    if (slipIn(text)) { return slipped(text); }
    const name = form.elements.namedItem("name")?.value.trim() ?? "";
    const log = { prefix: known.log?.prefix ?? "", keys: (known.log?.keys ?? []).join("\n"), proofs: {} };
    const answers = reported(input, { documents: known.documents ?? {}, keySets: known.keySets ?? {}, log, name }, word("device.said"));
    // A picture without a badge may be the photo of a code.
    if (file?.type.startsWith("image/") && !answers.some((e) => e.id === "verdict")) {
      const scanned = await hallmarkScan.picture(file);
      if (slipIn(scanned)) { return slipped(scanned); }
      if (scanned) { return [problem(word(inside ? "device.link.offline" : "device.link"))]; }
    }
    return answers;
  });

  button.hidden = false;
  const what = place.querySelector("[data-device-what]");
  if (what) { what.hidden = false; }
  button.addEventListener("click", check);
  // One thing is checked: who writes a text has done with the file.
  form.elements.namedItem("text")?.addEventListener("input", () => { form.elements.namedItem("file").value = ""; });

  if (inside) {
    form.addEventListener("submit", (event) => { event.preventDefault(); check(); });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) {
        form.elements.namedItem("file").files = event.dataTransfer.files;
        form.elements.namedItem("text").value = "";
        check();
      }
    });
    const view = document.querySelector("[data-camera-view]");
    const told = view.querySelector("[data-camera-state]");
    hallmarkScan.camera(form.querySelector("[data-camera]"), view, (key) => { told.textContent = view.dataset[`say${key}`]; }, (text, close) => {
      if (!slipIn(text)) { return false; }
      close();
      form.elements.namedItem("file").value = "";
      form.elements.namedItem("text").value = text;
      check();
      return true;
    });
  }
})();
