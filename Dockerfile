# The program as it is in the checkout: Node runs the sources, there is nothing to build.
FROM node:26-slim
# Requests come from Docker's bridge, and a proxy on the host says for whom: publish the port on 127.0.0.1 only.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 TRUST_PROXY=loopback,private
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY bin bin
COPY src src
COPY templates templates
COPY samples samples
RUN mkdir data && chown node:node data
USER node
# The SQLite file and the outbox; with a Postgres nothing is kept here.
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/offprint.js"]
CMD ["start"]
