const fetch = async (url: string) => url;
class Map {}
function structuredClone() {}
const { URL = 1, ...name } = source;
({ fetch, Map });
{ const Map = 2; Map; }
[typeof fetch, new Map(), structuredClone(), URL];
