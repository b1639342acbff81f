// The check on the reader's own device: the verifier itself, run by their
// browser. What they bring stays in the page. The same script serves the page
// of the site, which loads the program when it is first asked for, and the
// checker that people save as one file, which carries it.
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
  const isolated = (text) => el("bdi", {}, text);
  const say = (key, values) => word(key).split(/\{(\w+)\}/).map((part, i) => (i % 2 ? values[part] : part));

  // Days are shown as they were signed, in the zone that was written with them.
  const day = (stamp) => {
    const at = new Date(`${stamp.slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(at.getTime()) ? stamp : new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(at);
  };
  const dayElement = (stamp) => el("time", { datetime: stamp.slice(0, 10) }, day(stamp));
  const worded = (sentence) => sentence.replace(/\b\d{4}-\d{2}-\d{2}\b/g, day);

  // What was brought: bytes of a file, or text; a link would have to be followed.
  const brought = async () => {
    const field = (name) => form.elements.namedItem(name);
    const file = field("file")?.files?.[0];
    if (file) { return { input: new Uint8Array(await file.arrayBuffer()) }; }
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
    const report = JSON.parse(hallmarkVerify(input, given));
    const own = report.issuer && (known.ids ?? []).includes(report.issuer.id);
    return own ? JSON.parse(hallmarkVerify(input, { ...given, trust: report.issuer.id })) : report;
  };

  const outcome = (report, name) => report.checks.find((c) => c.name === name)?.outcome;
  const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
  const text = (value) => (typeof value === "string" ? value : "");
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
  const domain = (id) => {
    const u = parsed(id.startsWith("did:web:") ? `https://${id.slice(8).split(":")[0].replace(/%3a/i, ":")}` : id);
    return u?.protocol === "https:" ? u.host : "";
  };

  // What the credential says, as far as a page shows it.
  const claimsOf = (doc) => {
    const subject = list(doc.credentialSubject)[0] ?? {};
    const achievement = list(subject.achievement)[0] ?? {};
    const criteria = list(achievement.criteria)[0] ?? {};
    const plain = (id) => id.identityType === "name" && String(id.hashed ?? "false") === "false";
    const about = new Map(list(achievement.resultDescription).map((d) => [d.id, d]));
    return {
      achievement: text(achievement.name), type: text(list(achievement.achievementType)[0]), description: text(achievement.description),
      recipient: text(list(subject.identifier).filter(plain).at(-1)?.identityHash), subject: text(subject.id), id: text(doc.id),
      awarded: text(doc.awardedDate), from: text(doc.validFrom ?? doc.issuanceDate), until: text(doc.validUntil ?? doc.expirationDate),
      criteria: text(criteria.narrative), criteriaURL: text(criteria.id),
      results: list(subject.result).map((r) => {
        const d = about.get(r.resultDescription) ?? {};
        const level = list(d.rubricCriterionLevel).find((l) => l.id === r.achievedLevel);
        return { name: text(d.name), level: text(level?.name) || text(r.value) };
      }).filter((r) => r.name || r.level),
      skills: list(achievement.alignment).map((a) => ({ name: text(a.targetName), url: text(a.targetUrl), description: text(a.targetFramework) })),
      evidence: list(doc.evidence).map((e) => ({ name: text(e.name), url: text(e.id), description: text(e.narrative) })),
    };
  };

  // The headline: by the first deciding check that gave the verdict.
  const deciding = 7;
  const headline = (report) => {
    let key = report.verdict;
    if (key === "verified" && !report.issuer.trusted) { key = "verified.untrusted"; }
    if (report.verdict !== "verified") {
      const check = report.checks.slice(0, deciding).find((c) => c.outcome === report.verdict);
      if (check) { key = `${report.verdict}.${check.name}`; }
    }
    return word(`headline.${key}`, word(`headline.${report.verdict}`));
  };

  const vouches = (report) => {
    if (["format", "proof", "issuer"].some((name) => outcome(report, name) !== "verified")) { return word("verdict.unproved"); }
    const from = domain(report.issuer.id);
    return [
      from ? say("verdict.domain", { domain: isolated(from) }) : word("verdict.nodomain"),
      report.issuer.name ? [" ", ...say("verdict.callsitself", { name: isolated(report.issuer.name) })] : [],
      report.issuer.how ? ` ${worded(report.issuer.how)}` : [],
    ].flat();
  };

  const toWhom = (claims) => {
    const values = { badge: isolated(claims.achievement), name: isolated(claims.recipient), day: dayElement(claims.awarded || claims.from) };
    return el("p", { class: "lead" }, say(claims.recipient ? "verdict.named" : "verdict.nameless", values));
  };

  const verdict = (report, claims, said) => {
    const because = report.checks.slice(0, deciding).filter((c) => c.outcome === report.verdict);
    const at = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(report.checkedAt));
    return el("section", { class: `verdict verdict-${report.verdict}`, id: "verdict", "data-verdict": report.verdict, role: "status", tabindex: "-1" },
      el("div", { class: "verdict-head" }, icon(report.verdict), el("h2", {}, headline(report))),
      el("div", { class: "verdict-text measure" },
        report.verdict === "verified" ? toWhom(claims) : because.map((c) => el("p", { class: "lead" }, worded(c.reason))),
        el("p", { class: "quiet" }, vouches(report)),
        el("p", { class: "small", "data-said": "" }, icon("device"), " ", said),
        el("p", { class: "small quiet" }, word("verdict.checked"), " ", el("time", { datetime: report.checkedAt }, at))));
  };

  const checkLine = (c) => el("li", { class: "check", "data-check": c.name, "data-outcome": c.outcome },
    el("span", { class: `is-${c.outcome}` }, icon(c.outcome)),
    el("div", {}, el("span", { class: "check-name" }, `${word(`check.${c.name}`, c.name)}:`), " ",
      el("span", { class: `is-${c.outcome}` }, word(`outcome.${c.outcome}`)),
      c.reason ? [el("br"), el("span", { class: "check-reason" }, worded(c.reason))] : []));

  const checks = (report) => {
    const asked = (c) => c.outcome !== "skipped";
    const first = report.checks.slice(0, deciding);
    return el("section", { class: "section", "aria-labelledby": "checks-title" },
      el("h2", { id: "checks-title" }, word("checks.title")),
      el("ul", { class: "checks" }, [...first.filter(asked), ...first.filter((c) => !asked(c)), ...report.checks.slice(deciding).filter(asked)].map(checkLine)));
  };

  const fact = (key, value) => el("div", {}, el("dt", {}, word(key)), el("dd", {}, value));
  const part = (key, ...kids) => el("div", {}, el("h3", {}, word(key)), ...kids);
  const prose = (value) => el("p", { class: "prose", dir: "auto" }, value);
  const outside = (link) => {
    const at = host(link.url);
    return [
      at ? [el("a", { href: link.url, rel: "nofollow noopener noreferrer" }, isolated(link.name || at)), " ", el("span", { class: "small quiet" }, at)] : isolated(link.name),
      link.description ? [el("br"), el("span", { class: "small quiet" }, isolated(link.description))] : [],
    ].flat();
  };
  const links = (all) => el("ul", { class: "bullets" }, all.map((link) => el("li", {}, outside(link))));

  const claimed = (report, claims) => {
    const c = claims;
    const at = host(c.criteriaURL);
    return el("section", { class: "section stack", "aria-labelledby": "claims-title" },
      el("h2", { id: "claims-title" }, word(outcome(report, "proof") === "verified" ? "claims.title" : "claims.unproved")),
      el("dl", { class: "facts" },
        c.achievement ? fact("claims.achievement", isolated(c.achievement)) : [],
        c.type ? fact("claims.type", word(`achievementType.${c.type}`, c.type)) : [],
        fact("claims.recipient", c.recipient ? isolated(c.recipient) : word("claims.noname")),
        c.awarded ? fact("claims.awarded", dayElement(c.awarded)) : [],
        c.from ? fact("claims.from", dayElement(c.from)) : [],
        fact("claims.until", c.until ? dayElement(c.until) : word("claims.forever"))),
      el("div", { class: "stack" },
        c.description ? part("claims.description", prose(c.description)) : [],
        c.criteria || at ? part("claims.criteria", c.criteria ? prose(c.criteria) : "", at ? el("p", {}, el("a", { href: c.criteriaURL, rel: "nofollow noopener noreferrer" }, at)) : "") : [],
        c.results.length ? part("claims.results", el("dl", { class: "facts" }, c.results.map((r) => el("div", {}, el("dt", {}, r.name), el("dd", {}, isolated(r.level)))))) : [],
        c.skills.length ? part("claims.skills", links(c.skills)) : [],
        c.evidence.length ? part("claims.evidence", links(c.evidence)) : []));
  };

  const machines = (report, claims) => el("details", { class: "machines" }, el("summary", {}, word("machines.title")),
    el("div", { class: "stack" },
      el("p", { class: "small quiet measure" }, word("machines.what")),
      el("ul", { class: "checks" }, report.checks.slice(deciding).filter((c) => c.outcome === "skipped").map(checkLine)),
      el("dl", { class: "facts" }, [["issuer", report.issuer.id], ["id", claims.id], ["subject", claims.subject]].filter(([, id]) => id)
        .map(([key, id]) => el("div", {}, el("dt", {}, word(`machines.${key}`)), el("dd", { class: "mono" }, id)))),
      el("pre", { tabindex: "0" }, JSON.stringify(report, null, 2))));

  // Whether a badge was taken back is known to its issuer alone. Where that is
  // the operator of this page, their list can be asked for: many badges share
  // it, so that asking tells little. It is asked for on a second click only.
  const ownList = (report) => {
    if (inside) { return undefined; }
    const urls = list(report.credential?.credentialStatus).map((s) => text(s?.statusListCredential));
    return urls.find((url) => parsed(url)?.origin === location.origin);
  };
  const standing = (report, input, given) => {
    if (outcome(report, "status") !== "undetermined" || outcome(report, "proof") !== "verified") { return []; }
    const url = ownList(report);
    const asked = given.lists?.[url] !== undefined;
    const button = url && !asked ? el("button", { type: "button", "data-act": "ask-list" }, word("device.asklist")) : undefined;
    button?.addEventListener("click", () => show(async () => {
      const list = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!list.ok) { throw new Error(`${url}: ${list.status}`); }
      return reported(input, { ...given, lists: { [url]: await list.text() } }, word("device.saidlist"));
    }));
    return el("div", { class: "stack no-print", "data-standing": "" },
      el("p", { class: "measure" }, word(inside ? "device.standing.offline" : button ? "device.standing.own" : "device.standing")), button);
  };

  const problem = (sentence) => el("p", { class: "problem", role: "alert", "data-problem": "" }, icon("problem"), el("span", {}, sentence));

  const reported = (input, given, said) => {
    const begin = performance.now();
    const report = verify(input, given);
    performance.measure("hallmark-verdict", { start: begin, end: performance.now() });
    if (report.error) { return [problem(report.error)]; }
    const claims = claimsOf(report.credential ?? {});
    return [
      verdict(report, claims, said),
      standing(report, input, given),
      el("div", { class: "two" }, checks(report), el("div", { class: "stack-wide" }, claimed(report, claims), machines(report, claims))),
    ].flat(Infinity);
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
    const { input, link } = await brought();
    if (link) { return [problem(word(inside ? "device.link.offline" : "device.link"))]; }
    if (!input) { return [problem(word("device.nothing"))]; }
    await start();
    const name = form.elements.namedItem("name")?.value.trim() ?? "";
    return reported(input, { documents: known.documents ?? {}, keySets: known.keySets ?? {}, name }, word("device.said"));
  });

  button.hidden = false;
  const what = place.querySelector("[data-device-what]");
  if (what) { what.hidden = false; }
  button.addEventListener("click", check);

  if (inside) {
    form.addEventListener("submit", (event) => { event.preventDefault(); check(); });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) {
        form.elements.namedItem("file").files = event.dataTransfer.files;
        check();
      }
    });
  }
})();
