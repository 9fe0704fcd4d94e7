// Puts a button beside each field that is there to be copied.
for (const field of document.querySelectorAll(".copied")) {
	const button = document.createElement("button");
	const label = field.labels[0].textContent;
	button.type = "button";
	button.textContent = "Copy";
	button.ariaLabel = `Copy: ${label}`;
	button.addEventListener("click", async () => {
		field.select();
		try {
			await navigator.clipboard.writeText(field.value);
			button.textContent = "Copied";
		} catch {
			button.textContent = "Press Ctrl+C"; // the text is chosen already
		}
		setTimeout(() => (button.textContent = "Copy"), 3000);
	});
	field.after(button);
}
