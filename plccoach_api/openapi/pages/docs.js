// The browser sends the session's cookie by itself and lets no script set it: an Authorize button could do nothing.
const withoutAuthorizeButton = { wrapComponents: { authorizeBtn: () => () => null } };

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  plugins: [withoutAuthorizeButton],
  // It would send the document to a host of somebody else's.
  validatorUrl: null,
});
