"""Writes a tiny model for llama.cpp: random weights by a seed, a byte tokenizer of its own, and a chat template. Usage: tiny_gguf.py FILE [SEED]"""
import sys

import numpy as np
from gguf import GGUFWriter, TokenType

CONTEXT, WIDTH, LAYERS, HEADS, INNER = 32768, 64, 2, 4, 128
TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
SPECIAL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def byte_tokens() -> list[str]:
    """The 256 bytes as GPT-2's byte-level tokens spell them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spelled = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        spelled.setdefault(byte, chr(256 + len(spelled) - len(plain)))
    return [spelled[byte] for byte in range(256)]


def main(path: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    # A tokenizer has to merge something.
    tokens = byte_tokens() + SPECIAL + ["fn"]
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.NORMAL] * 256 + [TokenType.CONTROL] * len(SPECIAL) + [TokenType.NORMAL])
    writer.add_token_merges(["f n"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(256)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)

    def drawn(*shape: int, scale: float = 0.05) -> np.ndarray:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    # What every token has in common, so that the output can prefer some of them: closing brackets and quotes first, or no answer would ever end.
    embedding = drawn(len(tokens), WIDTH)
    embedding[:, 0] = 1.0
    output = drawn(len(tokens), WIDTH, scale=0.02)
    for strength, text in ((4.0, ']}"'), (3.0, ",:[{")):
        for character in text:
            output[ord(character), 0] = strength
    output[256, 0] = 3.5
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(WIDTH, np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"blk.{layer}.{part}.weight", drawn(WIDTH, WIDTH))
        writer.add_tensor(f"blk.{layer}.ffn_gate.weight", drawn(INNER, WIDTH))
        writer.add_tensor(f"blk.{layer}.ffn_up.weight", drawn(INNER, WIDTH))
        writer.add_tensor(f"blk.{layer}.ffn_down.weight", drawn(WIDTH, INNER))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
