// Links to the page at /try where it is on.
(async () => {
  const service = await (await fetch("/")).json();
  if (!service.try) return;
  const link = document.createElement("a");
  link.href = service.try;
  link.textContent = "Try the coach on a page";
  const navigation = document.createElement("nav");
  navigation.className = "try";
  navigation.append(link);
  document.body.prepend(navigation);
})();
