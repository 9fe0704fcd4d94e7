// A feed's newest entries on any page, each credited with a link to its article: <feedhub-feed src>.
// It is sent without its comments and its indentation.
(() => {
	const script = document.currentScript;
	const NAME = "feedhub-feed";
	const OPTIONS = ["src", "limit", "layout", "theme", "lang"];
	// Seconds before each further try.
	const WAITS = [0, 2, 8, 32];
	const WORDS = {
		en: ["Pause", "Go on"],
		hy: ["Դադար", "Շարունակել"],
		ru: ["Пауза", "Дальше"],
	};
	const STYLE = `
:host{display:block!important}:host([theme=light]){--s:light}:host([theme=dark]){--s:dark}
.list{--h:calc(min(var(--n),4)*9em + 3em)}.cards{--h:27em}.headlines{--h:calc(min(var(--n),8)*3.75em + 3em)}.ticker{--h:3.5em}
.box{all:initial;color-scheme:var(--s,light dark);--l:1px solid var($line,light-dark(#d9d3c7,#3a3631));display:block;box-sizing:border-box;height:var($height,var(--h));overflow:auto;padding:.75em 1em;border:var(--l);border-radius:var($radius,.25em);background:var($background,light-dark(#fff,#161513));color:var($ink,light-dark(#1c1a17,#e9e5dd));font:var($size,1rem)/1.5 var($font,system-ui,sans-serif);overflow-wrap:break-word}
p,ul,li{margin:0;padding:0;list-style:none}
.title{padding-bottom:.25em}
.title,.headline{font-weight:600}
a{color:inherit;text-decoration:none}
a:hover,.credit,.other,.problem{text-decoration:underline}
.credit,.other{color:var($accent,light-dark(#8c2f1b,#f0a58f))}
time{color:var($faint,light-dark(#5c564d,#a8a196));font-size:.8125em}
li{padding:.625em 0;border-top:var(--l)}
.cards ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(16em,100%),1fr));gap:.75em}
.cards li{padding:.75em;border:var(--l)}
.ticker{display:flex;gap:1em;align-items:center;padding-block:0;white-space:nowrap}
.ticker div{flex:1;overflow:auto hidden;scrollbar-width:none}
.ticker ul{display:flex;gap:2.5em;width:max-content;animation:run calc(var(--n)*9s) linear infinite}
.ticker li{border:0}.ticker p{padding:0}
.ticker ul:hover,.still ul{animation-play-state:paused}
.ticker ul:focus-within{animation:none}
@keyframes run{5%{transform:none}to{transform:translateX(-100%)}}
[dir=rtl] ul{animation-name:back}@keyframes back{5%{transform:none}to{transform:translateX(100%)}}
@media(prefers-reduced-motion:reduce){.ticker ul{animation:none}button{display:none}}`.replaceAll("$", "--feedhub-");

	const made = (tag, part, ...inside) => {
		const element = document.createElement(tag);
		element.className = element.part = part;
		element.append(...inside);
		return element;
	};
	const link = (part, url, text) => Object.assign(made("a", part, text), { href: url, rel: "external" });
	const web = (url) => (/^https?:\/\//i.test(url) ? url : "");

	// JSON Feed to what is shown. Our plain summaries read: NAME (ARTICLE): words Also: NAME (ARTICLE), NAME (ARTICLE)
	const told = (item) => {
		const { source, story = [] } = item._feedhub || {};
		const others = story.map(({ credit, url }) => ({ name: credit, url: web(url) }));
		const named = others.map(({ name, url }) => `${name} (${url})`).join(", ");
		const text = `${item.summary || ""}`;
		const also = named && text.endsWith(named) && / ?(\S+: )$/.exec(text.slice(0, -named.length));
		const by = ` (${item.url})`;
		const [name, ...words] = (also ? text.slice(0, also.index) : text).split(by);
		const credited = words.length;
		return {
			url: web(item.url),
			title: `${item.title || item.url}`,
			name: credited ? name : source?.title || item.authors?.[0]?.name,
			words: credited ? words.join(by).replace(/^: /, "") : name,
			also: also ? also[1] : "",
			others: also ? others : [],
			time: item.date_published,
			lang: item.language,
		};
	};

	const ask = async (url, cache, method) => {
		const answer = await fetch(url, { method, cache, credentials: "omit", signal: AbortSignal.timeout(15e3) });
		if (method ? answer.status > 428 : !answer.ok) throw answer.status;
		const text = await answer.text();
		if (method) return;
		const feed = JSON.parse(text);
		return {
			text,
			isNew: Math.abs(Date.now() - Date.parse(answer.headers.get("date"))) < 6e4,
			title: feed.title,
			url: web(feed.home_page_url),
			lang: feed.language,
			entries: feed.items.map(told).filter((entry) => entry.url),
		};
	};
	const renew = async (url, known) => {
		for (const wait of WAITS) {
			if (known.isNew || /^4(?!29)/.test(known)) break;
			await new Promise((done) => setTimeout(done, wait * 1e3 * (1 + Math.random() / 4)));
			try {
				// A failed answer would drive out what the browser has: only who is well is asked for the feed.
				await ask(url, "no-store", "HEAD");
				return await ask(url, "no-cache");
			} catch (problem) {
				if (!known.entries) known = problem;
			}
		}
		return known;
	};
	// What the browser has of a feed, however old; and what is new. Instead of either: what is wrong.
	const load = (url) => {
		const kept = ask(url, "force-cache").catch((problem) => problem);
		return [kept, kept.then((known) => renew(url, known))];
	};
	// One for each address, however many elements show it.
	const loads = new Map();
	const feedsAt = (url) => loads.get(url) || loads.set(url, load(url)).get(url);

	class Feed extends HTMLElement {
		static observedAttributes = OPTIONS;

		constructor() {
			super();
			const root = this.attachShadow({ mode: "open" });
			const sheet = new CSSStyleSheet();
			sheet.replaceSync(STYLE);
			root.adoptedStyleSheets = [sheet];
			root.append((this.box = made("section", "box", made("slot", ""))));
		}

		connectedCallback() {
			this.update();
		}

		attributeChangedCallback() {
			this.update();
		}

		set feed(feed) {
			this.shown = feed;
			this.update();
		}

		async update() {
			try {
				this.layout = /^(cards|headlines|ticker)$/.exec(this.getAttribute("layout"))?.[0] || "list";
				this.limit = Math.max(+this.getAttribute("limit") || 5, 1);
				this.box.className = `box ${this.layout}`;
				this.box.style.cssText = `--n:${this.limit}`;
				if (this.shown) this.show();
				const src = this.getAttribute("src");
				for await (const feed of src ? feedsAt(new URL(src, document.baseURI).href) : []) {
					if (src !== this.getAttribute("src")) return;
					if (feed.entries && feed.text !== this.shown?.text) {
						this.shown = feed;
						this.show();
					}
				}
				if (!src || this.shown || this.children.length) return;
				const page = new URL(src.replace(/\.json$/, "/"), document.baseURI);
				this.box.replaceChildren(link("problem", page, page.host + page.pathname));
			} catch (problem) {
				console.warn(NAME, problem);
			}
		}

		show() {
			const { box, limit, layout, shown: feed } = this;
			const isRtl = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(feed.lang);
			const list = made("ul", "list", ...feed.entries.slice(0, limit).map((entry) => this.entry(entry, feed)));
			const title = made("p", "title", feed.url ? link("", feed.url, feed.title) : feed.title);
			Object.assign(box, { lang: feed.lang || "", dir: isRtl ? "rtl" : "ltr", ariaLabel: feed.title });
			box.replaceChildren(title, ...(layout === "ticker" ? [this.pause(), made("div", "row", list)] : [list]));
		}

		entry({ url, title, name, words, also, others, time, lang }, feed) {
			const entry = made("li", "entry", link("headline", url, title));
			const credit = link("credit", url, name || feed.title);
			const links = others.flatMap((other, index) => [index ? ", " : also, link("other", other.url, other.name)]);
			Object.assign(entry, { dir: "auto", lang: lang || feed.lang || "" });
			if (/headlines|ticker/.test(this.layout)) entry.append(" · ", credit, also && " · ", ...links);
			else {
				entry.append(made("p", "passage", credit, words && `: ${words}`), made("p", "also", ...links));
				entry.append(this.time(time, this.lang || feed.lang));
			}
			return entry;
		}

		time(dateTime, lang) {
			const time = Object.assign(made("time", "time"), { dateTime });
			try {
				const written = new Intl.DateTimeFormat(lang || [], { dateStyle: "medium", timeStyle: "short" });
				// Not every browser knows every language.
				time.lang = written.resolvedOptions().locale;
				time.append(written.format(new Date(dateTime)));
				// Some dates are none.
			} catch {}
			return time;
		}

		pause() {
			const own = (this.lang || document.documentElement.lang).slice(0, 2);
			const lang = WORDS[own] ? own : "en";
			const button = Object.assign(made("button", "pause", WORDS[lang][0]), { lang, type: "button" });
			button.onclick = () => (button.textContent = WORDS[lang][+this.box.classList.toggle("still")]);
			return button;
		}
	}

	// Our frames tell how high they are, if they are to grow.
	const heard = ({ data, source }) => {
		const height = data?.feedhub;
		for (const frame of document.querySelectorAll("iframe")) {
			const isOurs = frame.contentWindow === source && frame.src.startsWith(new URL("/", script.src));
			if (height > 0 && isOurs) frame.style.cssText += `;height:${+height}px!important`;
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
		// Too old a browser.
		console.warn(NAME, problem);
	}
})();
