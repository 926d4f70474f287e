"""What a link to a form asks for: the job, the partition, and the config of its only step."""

from urllib.parse import parse_qs, urlsplit

import yaml


def filled_in(link):
    """Read a Markdown link to a form."""
    address = urlsplit(link.partition("](")[2].removesuffix(")"))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    [step] = yaml.safe_load(asked["config"])["ops"].values()
    job = address.path.split("/jobs/")[1].split("/")[0]
    assert address.path == f"/locations/connect_to_work/jobs/{job}/playground/setup"
    assert asked["tags[0][key]"] == "dagster/partition"
    return job, asked["tags[0][value]"], step["config"]
