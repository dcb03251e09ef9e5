"""The chart of a program for paper: the screen's drawing in dark ink, told apart in grey too."""

from desk.charts import Story, story
from exercises.paper import on_paper

INK = (
    "text{font-family:'Source Sans Pro';font-size:12px;fill:#2d383c}path{fill:none}"
    ".c-strong,.c-name-left,.c-name-right{font-weight:600}.c-muted,.c-small{fill:#48565b}"
    ".c-veil{fill:#f1efea}.c-grid{stroke:#eceae4}.c-shelf{stroke:#d5d5d0}.c-today{stroke:#48565b}"
    ".c-decided{stroke:#8b9da3;stroke-dasharray:1 4;stroke-linecap:round}.c-band{fill:#c3cccd}"
    ".yellow{fill:#d9a913}.red{fill:#b02e25}.green{fill:#2f7a41}.blue{fill:#2b5a9b}"
    ".c-left{stroke:#096a70;stroke-width:2}.c-right{stroke:#77858a;stroke-width:1.5}"
    ".c-end-left{fill:#096a70}.c-end-right{fill:#77858a}.c-hotband{fill:#fbe4e6}"
    ".c-calmband{fill:#e1f0ee}.c-hotword{fill:#8c1024}.c-join{stroke:#c46a35}"
    ".c-during{fill:#a54a18}.c-after{fill:#fff;stroke:#a54a18;stroke-width:1.3}"
    ".c-next{stroke:#141c1f;stroke-width:2}.c-during.c-hot{fill:#8c1024}"
    ".c-effort{stroke:#2d383c;stroke-width:1.5}.c-s-done{fill:#096a70}"
    ".c-s-short,.c-s-missed,.c-s-later{fill:none;stroke:#77858a}.c-s-short{stroke:#096a70}"
    ".c-hatch{stroke:#096a70}.c-due{stroke:#b9c0c1;stroke-width:4;stroke-linecap:round}"
)


def printed(data: Story) -> str:
    """The patient's chart as a document of its own."""
    return on_paper(story(data), INK)
