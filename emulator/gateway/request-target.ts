/** `http://host/path` (the form sent to proxies) as `/path`. */
export function originForm(url: string): string {
  if (url.charCodeAt(0) === 47) return url;
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*(.*)$/i.exec(url);
  const rest = match?.[1] ?? url;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
