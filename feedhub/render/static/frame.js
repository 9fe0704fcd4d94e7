// Our page within another's frame: lays its entries out as the address asks, and tells how high it is.
(() => {
	const feed = document.querySelector("feedhub-feed");
	const chosen = new URLSearchParams(location.search);
	const words = (place, name) => place.querySelector(name)?.textContent.trim() || "";

	for (const name of ["limit", "layout", "theme", "lang"]) {
		if (chosen.has(name)) feed.setAttribute(name, chosen.get(name));
	}
	for (const name of ["background", "ink", "faint", "accent", "line"]) {
		const colour = chosen.get(name);
		if (/^[\da-f]{6}$/i.test(colour)) feed.style.setProperty(`--feedhub-${name}`, `#${colour}`);
	}
	feed.style.setProperty("--feedhub-height", "auto");

	const entries = [...feed.querySelectorAll("li")].map((entry) => ({
		url: entry.querySelector(".feedhub-credit").href,
		title: words(entry, ".feedhub-headline"),
		name: words(entry, ".feedhub-credit"),
		words: words(entry, ".feedhub-words"),
		time: entry.querySelector("time").dateTime,
		lang: entry.lang,
	}));
	const home = feed.querySelector(".feedhub-title a");
	const { lang } = document.documentElement;
	if (entries.length) feed.feed = { title: home.textContent, url: home.href, lang, entries };

	if (parent !== self) {
		const tell = () => {
			parent.postMessage({ feedhub: document.body.getBoundingClientRect().height }, "*");
			try {
				requestResize(); // CSS Box Sizing 4, 5.3
			} catch {} // not every browser knows it, nor every frame
		};
		tell(); // before the page around us has loaded: later everything below would move
		new ResizeObserver(tell).observe(document.body);
	}
	// In a sandbox that forbids new windows an article opens in the frame itself.
	if (self.origin !== "null") return;
	feed.addEventListener("click", (event) => {
		const { href } = event.composedPath().find((element) => element.href) || {};
		if (!href) return;
		event.preventDefault();
		const opened = open(href);
		if (opened) opened.opener = null;
		else location.href = href;
	});
})();
