"""An open `Assistant` behind LlamaIndex's interfaces, so that it fits in any LlamaIndex program.

The command line and the page call `Assistant` itself: importing LlamaIndex costs about a second, which one question on
the command line need not pay.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.nodes import to_node
from assistant.pipeline import Assistant
from assistant.schema import Hit


def _with_score(hit: Hit, title: str) -> NodeWithScore:
    return NodeWithScore(node=to_node(hit.passage, title), score=hit.score)


class PassageRetriever(BaseRetriever):  # type: ignore[misc]
    """Our gated fusion as a LlamaIndex retriever."""

    def __init__(self, assistant: Assistant, top_k: int = 10) -> None:
        super().__init__()
        self._assistant = assistant
        self._top_k = top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._assistant.search(query_bundle.query_str, top_k=self._top_k)
        return [_with_score(hit, self._assistant.documents[hit.passage.document].title) for hit in hits]


class CitedQueryEngine(CustomQueryEngine):  # type: ignore[misc]
    """Our cited answers as a LlamaIndex query engine; `Response.metadata["citations"]` holds the citations."""

    assistant: Any

    def custom_query(self, query_str: str) -> Response:
        """Answer one question."""
        answer = self.assistant.ask(query_str)
        return Response(
            response=answer.text,
            source_nodes=[
                _with_score(hit, self.assistant.documents[hit.passage.document].title) for hit in answer.hits
            ],
            metadata={"status": answer.status, "citations": list(answer.citations)},
        )
