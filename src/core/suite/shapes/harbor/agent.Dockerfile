FROM rust:{{rust}}-bookworm

WORKDIR /app

COPY project/ /app/
