"""Our parts behind LlamaIndex's interfaces."""

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core.schema import Document as LlamaDocument
from llama_index.vector_stores.chroma import ChromaVectorStore

from assistant.llamaindex import CitedQueryEngine, PassageRetriever
from assistant.nodes import PassageNodeParser
from assistant.schema import Document


def test_the_node_parser_gives_our_passages_with_their_offsets(assistant):
    document = next(iter(assistant.documents.values()))
    metadata = {"title": document.title, "date": document.date, "voice": "NOV"}
    nodes = PassageNodeParser().get_nodes_from_documents(
        [LlamaDocument(doc_id=document.name, text=document.text, metadata=metadata)]
    )
    ours = [passage for passage in assistant.passages if passage.document == document.name]
    assert [node.node_id for node in nodes] == [passage.id for passage in ours]
    for node, passage in zip(nodes, ours, strict=True):
        assert (node.start_char_idx, node.end_char_idx) == (passage.start, passage.end)
        assert node.get_content() == document.text[passage.start : passage.end]
        assert node.ref_doc_id == document.name
        assert node.metadata["date"] == document.date


def test_the_retriever_gives_the_same_passages_as_search(assistant):
    nodes = PassageRetriever(assistant, top_k=3).retrieve("Wat is de sociale basis?")
    hits = assistant.search("Wat is de sociale basis?", top_k=3)
    assert [(node.node.node_id, node.score) for node in nodes] == [(hit.passage.id, hit.score) for hit in hits]


def test_the_query_engine_gives_the_same_answer_as_ask(assistant):
    response = CitedQueryEngine(assistant=assistant).query("Welke uitdagingen noemen gemeenten zelf?")
    answer = assistant.ask("Welke uitdagingen noemen gemeenten zelf?")
    assert str(response) == answer.text
    assert response.metadata == {"status": "answered", "citations": list(answer.citations)}
    assert len(response.source_nodes) == 10


def test_another_llamaindex_program_can_read_the_collection(assistant, tmp_path):
    manifest = assistant.manifest
    folder = assistant._settings.index / manifest.generation / "chroma"
    client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    store = ChromaVectorStore(chroma_collection=client.get_collection(f"{manifest.generation}-passages", None))
    nodes = store.get_nodes([assistant.passages[0].id])
    assert nodes[0].get_content() == assistant.passages[0].text
    client.close()


def test_a_document_of_one_line_is_one_node():
    nodes = PassageNodeParser().get_nodes_from_documents([LlamaDocument(doc_id="a", text="Eén zin.")])
    assert [node.get_content() for node in nodes] == ["Eén zin."]
    assert Document("a", "Eén zin.", "").text == "Eén zin."
