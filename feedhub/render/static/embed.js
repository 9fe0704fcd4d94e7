// A feed's newest entries on any page, each credited with a link to its article: <feedhub-feed src>.
(() => {
	const script = document.currentScript;
	const NAME = "feedhub-feed";
	const OPTIONS = ["src", "limit", "layout", "theme", "lang"];
	const WAITS = [2, 8, 32, 0]; // seconds before each further try
	const WORDS = {
		en: ["Pause", "Go on"],
		hy: ["Դադար", "Շարունակել"],
		ru: ["Пауза", "Дальше"],
	};
	const STYLE = `
:host{display:block!important}
.list{--h:calc(min(var(--n),4)*9em + 3em)}.cards{--h:27em}.headlines{--h:calc(min(var(--n),8)*3.7em + 3em)}.ticker{--h:3.5em}
.box{all:initial;--l:1px solid var(--feedhub-line,light-dark(#d9d3c7,#3a3631));display:block;box-sizing:border-box;height:var(--feedhub-height,var(--h));overflow:auto;padding:.75em 1em;border:var(--l);border-radius:var(--feedhub-radius,.25em);background:var(--feedhub-background,light-dark(#fff,#161513));color:var(--feedhub-ink,light-dark(#1c1a17,#e9e5dd));font:var(--feedhub-size,1rem)/1.5 var(--feedhub-font,system-ui,sans-serif);overflow-wrap:break-word}
p,ul,li{margin:0;padding:0;list-style:none}
.title{padding-bottom:.25em;font-weight:600}
a{color:inherit}
.title a,.headline{text-decoration:none}
a:hover,.credit{text-decoration:underline}
.headline{font-weight:600}
.credit{color:var(--feedhub-accent,light-dark(#8c2f1b,#f0a58f))}
time{color:var(--feedhub-faint,light-dark(#5c564d,#a8a196));font-size:.8125em}
li{padding:.625em 0;border-top:var(--l)}
.cards ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(16em,100%),1fr));gap:.75em}
.cards li{padding:.75em;border:var(--l)}
.ticker{display:flex;gap:1em;align-items:center;padding-block:0;white-space:nowrap}
.ticker div{flex:1;overflow:auto hidden;scrollbar-width:none}
.ticker ul{display:flex;gap:2.5em;width:max-content;animation:run calc(var(--n)*9s) linear infinite}
.ticker li{border:0}
.ticker ul:hover,.still ul{animation-play-state:paused}
.ticker ul:focus-within{animation:none}
@keyframes run{5%{transform:none}to{transform:translateX(-100%)}}
[dir=rtl] ul{animation-name:back}@keyframes back{5%{transform:none}to{transform:translateX(100%)}}
@media(prefers-reduced-motion:reduce){.ticker ul{animation:none}button{display:none}}`;

	const made = (tag, part, ...inside) => {
		const element = document.createElement(tag);
		element.className = element.part = part;
		element.append(...inside);
		return element;
	};
	const link = (part, url, text) => Object.assign(made("a", part, text), { href: url, rel: "external" });
	const web = (url) => (/^https?:\/\//i.test(url) ? url : "");

	// JSON Feed to what is shown. Our plain summaries begin with the credit: NAME (ARTICLE): words
	const read = (feed) => ({
		title: feed.title,
		url: web(feed.home_page_url),
		lang: feed.language,
		entries: feed.items.map((item) => {
			const [name, ...words] = `${item.summary || ""}`.split(` (${item.url})`);
			const publisher = item._feedhub?.source?.title || item.authors?.[0]?.name || feed.title;
			return {
				url: web(item.url),
				title: `${item.title || item.url}`,
				name: words.length ? name : publisher,
				words: words.length ? words.join("").replace(/^: /, "") : name,
				time: item.date_published,
				lang: item.language,
			};
		}).filter((entry) => entry.url),
	});

	const ask = async (url, cache) => {
		const answer = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout?.(15e3), cache });
		if (!answer.ok) throw answer.status;
		return read(await answer.json());
	};
	const load = async (url) => {
		for (const wait of WAITS) {
			try {
				return await ask(url, "default");
			} catch (problem) {
				// What the browser still has is better than nothing.
				const kept = await ask(url, "force-cache").catch(() => null);
				if (kept || !wait || /^4(?!29)/.test(problem)) return kept;
				await new Promise((done) => setTimeout(done, wait * 1e3 * (1 + Math.random() / 4)));
			}
		}
	};
	const loads = new Map(); // one request for each address, however many elements show it
	const feedAt = (url) => loads.get(url) || loads.set(url, load(url)).get(url);

	const timed = (written, lang = "") => {
		const time = made("time", "time");
		try {
			const style = { dateStyle: "medium", timeStyle: "short" };
			time.append(new Intl.DateTimeFormat(lang || [], style).format(new Date(written)));
			Object.assign(time, { dateTime: written, lang });
		} catch {}
		return time;
	};

	const pageOf = (src) => {
		const page = new URL(src.replace(/\.json$/, "/"), document.baseURI);
		return link("problem", page, page.host + page.pathname);
	};

	class Feed extends HTMLElement {
		static observedAttributes = OPTIONS;

		connectedCallback() {
			if (!this.box) {
				const root = this.attachShadow({ mode: "open" });
				const sheet = new CSSStyleSheet();
				sheet.replaceSync(STYLE);
				root.adoptedStyleSheets = [sheet];
				root.append((this.box = made("section", "box", made("slot", ""))));
			}
			this.update();
		}

		attributeChangedCallback() {
			this.feed = this.shown;
		}

		set feed(feed) {
			this.shown = feed;
			if (this.box) this.update();
		}

		async update() {
			try {
				this.layout = /^(cards|headlines|ticker)$/.exec(this.getAttribute("layout"))?.[0] || "list";
				this.limit = Math.max(parseInt(this.getAttribute("limit")) || 5, 1);
				const { box } = this;
				box.className = `box ${this.layout}`;
				box.style.cssText = `--n:${this.limit};color-scheme:light dark`;
				const theme = this.getAttribute("theme");
				if (/^(light|dark)$/.test(theme)) box.style.colorScheme = theme;
				const src = this.getAttribute("src");
				const feed = src && (await feedAt(new URL(src, document.baseURI).href));
				if (src !== this.getAttribute("src")) return;
				this.shown = feed || this.shown; // the last good one, where there is none now
				if (this.shown) this.show(this.shown);
				else if (src && !this.children.length) this.box.replaceChildren(pageOf(src));
			} catch (problem) {
				console.warn(NAME, problem);
			}
		}

		show(feed) {
			const { box, limit, layout } = this;
			const isRtl = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(feed.lang);
			const list = made("ul", "list", ...feed.entries.slice(0, limit).map((entry) => this.entry(entry, feed.lang)));
			const title = made("p", "title", feed.url ? link("", feed.url, feed.title) : feed.title);
			Object.assign(box, { lang: feed.lang || "", dir: isRtl ? "rtl" : "ltr", ariaLabel: feed.title });
			box.replaceChildren(title, ...(layout === "ticker" ? [this.pause(), made("div", "row", list)] : [list]));
		}

		entry({ url, title, name, words, time, lang }, spoken) {
			const credit = link("credit", url, name);
			const entry = Object.assign(made("li", "entry", link("headline", url, title)), { dir: "auto" });
			entry.lang = lang || spoken || "";
			if (/headlines|ticker/.test(this.layout)) entry.append(" · ", credit);
			else entry.append(made("p", "passage", credit, words && `: ${words}`), timed(time, this.lang || spoken));
			return entry;
		}

		pause() {
			const own = (this.lang || document.documentElement.lang).slice(0, 2);
			const lang = own in WORDS ? own : "en";
			const button = made("button", "pause", WORDS[lang][0]);
			return Object.assign(button, {
				lang,
				type: "button",
				onclick: () => (button.textContent = WORDS[lang][+this.box.classList.toggle("still")]),
			});
		}
	}

	// Our frames tell how high they are.
	const heard = ({ data, source }) => {
		const height = Math.ceil(data?.feedhub);
		for (const frame of height > 0 ? document.querySelectorAll("iframe") : []) {
			const isOurs = frame.contentWindow === source && frame.src.startsWith(new URL("/", script.src));
			if (isOurs) frame.style.cssText += `;height:${height}px!important;min-height:0!important`;
		}
	};

	try {
		if (!customElements.get(NAME)) customElements.define(NAME, Feed);
		if (!script) return;
		addEventListener("message", heard);
		if (!script.dataset.src) return;
		const feed = document.createElement(NAME);
		for (const name of OPTIONS) if (script.dataset[name]) feed.setAttribute(name, script.dataset[name]);
		script.after(feed);
	} catch (problem) {
		console.warn(NAME, problem); // too old a browser
	}
})();
