// There is one server, so a choice of servers could do nothing.
const nothing = () => () => null;
// The browser sends the session's cookie by itself and lets no script set it: a field for the cookie could do nothing.
const session = "Sign in with this browser, and it sends the session's cookie by itself. Or give a token:";
const authorization = (Original, { React }) => (properties) =>
  properties.definitions.has("session")
    ? React.createElement("p", null, session)
    : React.createElement(Original, properties);
// A link inside the button that opens an operation has no use of its own: the button changes the address too.
const text = (_, system) => (properties) => system.React.createElement("span", null, properties.text);
const adapted = {
  wrapComponents: { auths: authorization, ServersContainer: nothing, DeepLink: text },
};

const dark = matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", applyTheme);
applyTheme();

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  plugins: [adapted],
  // It would send the document to a host of somebody else's.
  validatorUrl: null,
});
