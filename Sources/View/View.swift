// SPDX-License-Identifier: MIT

// View: a scene, a policy or a run that learns, live in a browser on this machine. Server/ is what speaks HTTP and WebSocket: it lets in
// who has the token, hands out one page, and carries messages of bounded size. Live/ is what is shown: one simulation on a thread of its
// own, in real time, which all who look share, and which sleeps while nobody does. Following/ reads what a run writes while it learns.
// The page is Drawing's, the task is Tasks'; nothing here is told to a run.
