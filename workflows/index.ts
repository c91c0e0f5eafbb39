// Every workflow that a worker offers. Each domain adds one line.
