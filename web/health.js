// Says in the header whether Elasticsearch answers. What is shown comes from the list below and never from the answer itself.

const WORDS = {
  green: ["good", "Elasticsearch answers"],
  yellow: ["good", "Elasticsearch answers; some copies are missing"],
  red: ["bad", "Elasticsearch answers, but some data can’t be read"],
};
const SILENT = ["bad", "Elasticsearch does not answer"];
const REFUSED = ["bad", "Elasticsearch refuses this page’s key: run the service setup, then restart web"];

const PATIENCE_MS = 15_000;

async function ask() {
  try {
    const answer = await fetch("/es/health", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 401 || answer.status === 403) {
      return REFUSED;
    }
    const { status } = answer.ok ? await answer.json() : {};
    return Object.hasOwn(WORDS, String(status)) ? WORDS[status] : SILENT;
  } catch {
    return SILENT;
  }
}

const place = document.getElementById("health");
const [state, words] = await ask();
place.dataset.state = state;
place.textContent = words;
