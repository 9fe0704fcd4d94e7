// Fills the codes and the previews with what is chosen.
const form = document.getElementById("choices");
const codes = [...document.querySelectorAll("[data-template]")];
const previews = [...document.querySelectorAll(".preview iframe")];
const contrastTold = document.getElementById("contrast");
const frame = previews[0].src;
const COLOURS = ["background", "ink", "accent", "faint"];
const USUAL = { layout: "list", limit: "5", theme: "", lang: "" };
const ENOUGH = 4.5; // WCAG 2.2, 1.4.3

const luminance = (colour) => {
	const [red, green, blue] = [1, 3, 5].map((at) => {
		const part = parseInt(colour.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
	const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
	return (light + 0.05) / (dark + 0.05);
};
const warning = (colours) => {
	const weak = ["ink", "accent", "faint"].filter((name) => contrast(colours[name], colours.background) < ENOUGH);
	const told = weak.map((name) => {
		const ratio = contrast(colours[name], colours.background).toFixed(1);
		return `${form[name].labels[0].textContent} (${ratio} : 1)`;
	});
	return told.length ? `${contrastTold.dataset.weak} ${told.join(", ")}` : "";
};

const chosen = () => Object.keys(USUAL).filter((name) => form[name].checkValidity() && form[name].value !== USUAL[name]);
const coloursOf = () => Object.fromEntries(COLOURS.map((name) => [name, form[name].value]));

// Pixels that an embed takes, as in its own style.
const heightOf = () => {
	const { each, most, beside } = form.layout.selectedOptions[0].dataset;
	const limit = form.limit.checkValidity() ? form.limit.value : USUAL.limit;
	return Math.min(limit, most) * each + +beside;
};

const fill = () => {
	const options = chosen().map((name) => [name, form[name].value]);
	const colours = form.own.checked ? coloursOf() : {};
	const query = new URLSearchParams(options);
	for (const name in colours) query.set(name, colours[name].slice(1));
	const rules = Object.entries(colours).map(([name, colour]) => `--feedhub-${name}: ${colour}`);
	const grows = form.grows.checked;
	if (grows) {
		rules.push("--feedhub-height: auto");
		query.set("height", "auto");
	}
	const height = heightOf();
	const written = (prefix) => options.map(([name, value]) => ` ${prefix}${name}="${value}"`).join("");
	const parts = {
		height,
		before: grows ? `<script src="${form.dataset.script}"></script>\n` : "",
		// A browser that knows frame-sizing needs no script for it.
		sizing: grows ? ` style="height:auto;min-height:${height}px;frame-sizing:content-height"` : "",
		data: written("data-"),
		attributes: written(""),
		query: query.size ? `?${`${query}`.replaceAll("&", "&amp;")}` : "",
		style: rules.length ? `<style>feedhub-feed { ${rules.join("; ")} }</style>\n` : "",
	};
	for (const code of codes) {
		code.value = code.dataset.template.replace(/\{(\w+)\}/g, (place, name) => parts[name] ?? place);
	}
	document.getElementById("colours").disabled = !form.own.checked;
	contrastTold.textContent = form.own.checked ? warning(colours) : "";
	query.delete("height");
	const address = query.size ? `${frame}?${query}` : frame;
	if (address === shown) return;
	for (const preview of previews) {
		preview.height = height;
		preview.contentWindow.location.replace(address);
	}
	shown = address;
};

let shown = frame;
let due;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
	clearTimeout(due);
	due = setTimeout(fill, 200);
});
