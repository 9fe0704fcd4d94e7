// Puts a button beside each field that is there to be copied.
const copying = document.currentScript.dataset;
for (const field of document.querySelectorAll(".copied")) {
	const button = document.createElement("button");
	const label = field.labels[0].textContent;
	button.type = "button";
	button.textContent = copying.copy;
	button.ariaLabel = `${copying.copy}: ${label}`;
	button.addEventListener("click", async () => {
		field.select();
		try {
			await navigator.clipboard.writeText(field.value);
			button.textContent = copying.copied;
		} catch {
			button.textContent = copying.chosen; // the text is chosen already
		}
		setTimeout(() => (button.textContent = copying.copy), 3000);
	});
	field.after(button);
}
