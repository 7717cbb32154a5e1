# The base brings Node, so the Node that npm would add for older machines stays out (--omit=optional).
ARG NODE_IMAGE=node:24.21.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY flows ./flows
COPY locales ./locales

# Two volumes, because a copy of the data must never carry the key that opens it.
RUN mkdir -p /data /keys && chown node:node /data /keys && chmod 700 /data /keys
VOLUME ["/data", "/keys"]

USER node
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data \
    PARWANA_KEY_FILE=/keys/parwana.key
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# Node itself is process 1: it gets SIGTERM directly and shuts down in order.
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=40", "--no-allocation-site-pretenuring", "src/main.ts"]
