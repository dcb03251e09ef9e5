// A long piece of work in parts, each a form's post: sends the next one as soon as the page stands.

const form = document.querySelector("form[id$=_form]");
if (form instanceof HTMLFormElement) form.requestSubmit();
