"""A real chat model of a few hundred kilobytes: Qwen3's architecture, random weights.

It writes nonsense, but through the same files and the same code as a model that does not.
``python -m tests.tiny_models FOLDER`` writes it, for ``python -m eval chat FOLDER``. Beside it, an
embedder, a reranker and a model of inference of BERT's architecture.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
THINK_TOKENS = ("<think>", "</think>")
CHAT_TEMPLATE = """\
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% if enable_thinking is defined and enable_thinking is false -%}
<think>

</think>

{% endif %}
{%- endif -%}
"""


def make_tiny_chat_model(folder: Path) -> Path:
    """Write a tiny Qwen3 chat model into ``folder``: config, tokenizer, template, safetensors.

    It never ends a reply by itself: the rows of the special tokens are zero, so greedy choice
    always finds a better token, and a reply is as long as it may be.
    """
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = _tokenizer()
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=12,
        max_position_embeddings=16384,
        tie_word_embeddings=False,
        eos_token_id=end,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20240601)
        model = Qwen3ForCausalLM(config)
        torch.nn.init.normal_(model.lm_head.weight)
    with torch.no_grad():
        model.lm_head.weight[list(tokenizer.added_tokens_decoder)] = 0.0
    # As Qwen3's own file has it: sampling that a greedy caller must switch off.
    model.generation_config.update(do_sample=True, temperature=0.6, top_k=20, top_p=0.95)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_tiny_gguf(path: Path, *, template: str = CHAT_TEMPLATE, kind: str = "qwen2") -> Path:
    """Write a tiny Qwen2 chat model as one ``.gguf`` file, laid out as converters do."""
    import gguf
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    tokenizer = _tokenizer()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20240605)
        model = Qwen2ForCausalLM(
            Qwen2Config(
                vocab_size=len(tokenizer),
                hidden_size=48,
                intermediate_size=96,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=16384,
                tie_word_embeddings=False,
            )
        )
        torch.nn.init.normal_(model.lm_head.weight)
    with torch.no_grad():  # it never ends a reply by itself
        model.lm_head.weight[list(tokenizer.added_tokens_decoder)] = 0.0
    config = model.config
    writer = gguf.GGUFWriter(path, kind)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    _add_vocabulary(writer, tokenizer)
    if template:
        writer.add_chat_template(template)
    for name, tensor in model.state_dict().items():
        writer.add_tensor(_gguf_name(name), tensor.float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_vocabulary(writer: Any, tokenizer: Any) -> None:
    import json

    import gguf

    words = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    marks = set(tokenizer.all_special_tokens) | set(tokenizer.get_added_vocab())
    kinds = [
        gguf.TokenType.CONTROL if word in marks else gguf.TokenType.NORMAL for word, _ in words
    ]
    merges = json.loads(tokenizer.backend_tokenizer.to_str())["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([word for word, _ in words])
    writer.add_token_types(kinds)
    writer.add_token_merges([one if isinstance(one, str) else " ".join(one) for one in merges])
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_add_bos_token(False)


def _gguf_name(name: str) -> str:
    """A tensor's name as llama.cpp has it."""
    parts = {
        "model.embed_tokens": "token_embd",
        "model.norm": "output_norm",
        "lm_head": "output",
        "model.layers": "blk",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    for old, new in parts.items():
        name = name.replace(old, new)
    return name


def _tokenizer() -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1200,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train([str(path) for path in sorted(SEEDS.glob("*.txt"))], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        eos_token="<|im_end|>",  # noqa: S106 - a mark, no password
        pad_token="<|endoftext|>",  # noqa: S106
        additional_special_tokens=["<|im_start|>"],
        model_max_length=16384,
    )
    tokenizer.add_tokens([AddedToken(token, special=False) for token in THINK_TOKENS])
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def make_tiny_embedder(folder: Path) -> Path:
    """Write a tiny BERT without a head into ``folder``, as the files of bge's embedders are."""
    import torch
    from transformers import BertModel

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20240602)
        model = BertModel(_bert_config())
    model.save_pretrained(folder)
    _character_tokenizer().save_pretrained(folder)
    return folder


def make_tiny_reranker(folder: Path) -> Path:
    """Write a tiny BERT with one output for a pair of texts into ``folder``."""
    import torch
    from transformers import BertForSequenceClassification

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20240603)
        model = BertForSequenceClassification(_bert_config())
    model.save_pretrained(folder)
    _character_tokenizer().save_pretrained(folder)
    return folder


def make_tiny_entailment_model(
    folder: Path, labels: Sequence[str] = ("entailment", "neutral", "contradiction")
) -> Path:
    """Write a tiny BERT with an output for each label of a pair of texts into ``folder``."""
    import torch
    from transformers import BertForSequenceClassification

    config = _bert_config()
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: row for row, label in enumerate(labels)}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20240604)
        model = BertForSequenceClassification(config)
    model.save_pretrained(folder)
    _character_tokenizer().save_pretrained(folder)
    return folder


def _bert_config() -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(_character_tokenizer()),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
        num_labels=1,
    )


def _character_tokenizer() -> Any:
    """A tokenizer that knows every character of the seeds, as BERT's Chinese one does."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {token: row for row, token in enumerate([*special, *sorted(set(text))])}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a mark
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        model_max_length=512,
    )


if __name__ == "__main__":
    print(make_tiny_chat_model(Path(sys.argv[1])))
