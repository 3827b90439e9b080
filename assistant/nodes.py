"""Passages as LlamaIndex nodes: what the Chroma collection of passages holds, and a node parser that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, MetadataMode, NodeRelationship, RelatedNodeInfo, TextNode

from assistant import passages
from assistant.schema import Document, Passage


def to_node(passage: Passage, title: str = "") -> TextNode:
    """A passage as a LlamaIndex node: same id, verbatim text, the rest as metadata that is not embedded."""
    metadata = {
        "document": passage.document,
        "title": title,
        "kind": passage.kind,
        "heading": passage.heading,
        "voice": passage.voice,
        "date": passage.date,
    }
    return TextNode(
        id_=passage.id,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document)},
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["kind"],
    )


class PassageNodeParser(NodeParser):  # type: ignore[misc]
    """Splits LlamaIndex documents into our passages, with exact character offsets."""

    @classmethod
    def class_name(cls) -> str:
        """Name under which LlamaIndex stores this parser."""
        return "PassageNodeParser"

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any) -> list[BaseNode]:
        found: list[BaseNode] = []
        for node in nodes:
            title, kind, date, voice = (str(node.metadata.get(key, "")) for key in ("title", "kind", "date", "voice"))
            text = node.get_content(metadata_mode=MetadataMode.NONE)
            document = Document(node.node_id, text, title, kind, date, voice)
            found += [to_node(passage, document.title) for passage in passages.split(document)]
        return found
