// Our page within another's frame: lays its entries out as the address asks, and tells how high it is.
(() => {
	const root = document.documentElement;
	const chosen = new URLSearchParams(location.search);
	const grows = chosen.get("height") === "auto";
	const words = (place, name) => place.querySelector(name)?.textContent.trim() || "";

	const entryOf = (item) => {
		const others = [...item.querySelectorAll(".feedhub-also a")];
		return {
			url: item.querySelector(".feedhub-credit").href,
			title: words(item, ".feedhub-headline"),
			name: words(item, ".feedhub-credit"),
			words: words(item, ".feedhub-words"),
			also: others.length ? item.querySelector(".feedhub-also").firstChild.data : "",
			others: others.map((other) => ({ url: other.href, name: other.textContent })),
			time: item.querySelector("time").dateTime,
			lang: item.lang,
		};
	};

	const fill = (feed) => {
		for (const name of ["limit", "layout", "theme", "lang"]) {
			if (chosen.has(name)) feed.setAttribute(name, chosen.get(name));
		}
		for (const name of ["background", "ink", "faint", "accent", "line"]) {
			const colour = chosen.get(name);
			if (/^[\da-f]{6}$/i.test(colour)) feed.style.setProperty(`--feedhub-${name}`, `#${colour}`);
		}
		feed.style.setProperty("--feedhub-height", grows ? "auto" : "100vh");
		const items = [...feed.querySelectorAll("li")];
		const home = feed.querySelector(".feedhub-title a");
		const told = { title: home.textContent, url: home.href, lang: root.lang, entries: items.map(entryOf) };
		if (items.length) feed.feed = told;
		// The hub writes times in languages that not every browser knows.
		if (!chosen.get("lang")) {
			for (const [number, time] of feed.shadowRoot.querySelectorAll("time").entries()) {
				Object.assign(time, { lang: root.lang, textContent: words(items[number], "time") });
			}
		}
	};

	const tell = () => {
		parent.postMessage({ feedhub: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
		try {
			requestResize(); // CSS Box Sizing 4, 5.3
		} catch {} // not every browser knows it, nor every frame
	};

	// In a sandbox that forbids new windows an article opens in the frame itself.
	const openHere = (event) => {
		const { href } = event.composedPath().find((element) => element.href) || {};
		if (!href) return;
		event.preventDefault();
		const opened = open(href);
		if (opened) opened.opener = null;
		else location.href = href;
	};

	root.classList.add("waiting");
	document.addEventListener("DOMContentLoaded", () => {
		const feed = document.querySelector("feedhub-feed");
		try {
			fill(feed);
			if (self.origin === "null") feed.addEventListener("click", openHere);
		} finally {
			root.classList.remove("waiting");
		}
		if (!grows || parent === self) return;
		tell(); // before the page around us has loaded
		new ResizeObserver(tell).observe(document.body);
	});
})();
