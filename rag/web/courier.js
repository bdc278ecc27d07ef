// Hands a file that Python made to the person: its name, type and text come as JSON and never into the page.

watch("value", () => {
  if (!props.value) return;
  const { name, type, text } = JSON.parse(props.value);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
