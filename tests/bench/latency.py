"""How soon a submitter has its answer and ffmpeg its work, on an idle stack."""

from contracts.client import VodflowClient
from deploy.local.stack import Stack
from tests.bench import flows
from tests.bench.figure import Figure, percentile, spread
from tests.bench.sources import Sources
from tests.bench.starts import Starts

ROUNDS = 60
TASKS = {"transcode": [{"definition": 100010, "override": {"video": {"height": 128}}}]}


async def measure(stack: Stack, sources: Sources, starts: Starts) -> list[Figure]:
    """Percentiles over flows of a one-second clip, one after the other."""
    source = sources.one_second()
    answers, begins = [], []
    async with VodflowClient(stack.environment.amqp_url) as client:
        await flows.run(client, source.as_uri(), (source.parent / "latency").as_uri(), TASKS)
        for _ in range(ROUNDS):
            starts.forget()
            run = await flows.run(client, source.as_uri(), (source.parent / "latency").as_uri(), TASKS)
            answers.append((run.accepted - run.submitted) * 1000)
            begins.append((starts.first() - run.accepted) * 1000)
    return [
        Figure("submit to accepted, p50", percentile(answers, 50), "ms", 20, spread(answers)),
        Figure("submit to accepted, p99", percentile(answers, 99), "ms", 100),
        Figure("accepted to the first ffmpeg, p50", percentile(begins, 50), "ms", 300, spread(begins)),
    ]
