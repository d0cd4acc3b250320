"""The services of the demo's second panel, a line each; ``catalogue`` has the columns."""

BETA_TEXT = """
[Instagram Followers]
1; Default; IG followers | Economy; 0.62; 100; 20000; c; No refill.
2; Default; IG followers | 365 days refill; 1.98; 10; 100000; rc; Refill for a year.
3; Default; IG followers | <i>Aged</i> accounts & posts; 4.75; 10; 5000; r; -
4; Package; 1000 followers, one price; 1.10; 1; 1; -; One pack for one profile.

[Instagram Likes & Views]
5; Default; IG likes | 10K a day; 0.15; 50; 30000; rcd; -
6; Default; IG views | Video, reel, IGTV; 0.006; 100; 10000000; d; -
7; Default; IG impressions + reach + visits; 0.13; 100; 100000; -; -
8; Subscriptions; IG auto likes | 30 minutes delay; 0.85; 50; 10000; c; -
9; Subscriptions; IG auto followers per post; 2.20; 10; 1000; -; -
10; Poll; IG story poll votes; 0.95; 10; 20000; c; Answers count from 1.

[Polls & votes]
11; Poll; Telegram poll votes; 0.40; 10; 50000; c; Answers count from 1.
12; Poll; X poll votes | “Instant”; 1.30; 25; 100000; -; -
13; Poll; YouTube community poll; 2.75; 50; 20000; -; -
14; Poll; Facebook poll votes; 3.10; 20; 5000; -; -

[TikTok]
15; Default; TT followers | Real; 2.60; 20; 100000; r; -
16; Default; TT likes | Power 💥; 0.48; 10; 50000; rcd; -
17; Default; TT views; 0.0032; 1000; 50000000; d; -
18; Default; TT saves; 0.10; 10; 100000; d; -
19; Subscriptions; TT auto likes; 0.70; 10; 20000; c; -

[YouTube]
20; Default; YT subscribers | Slow & safe; 9.90; 10; 5000; r; -
21; Default; YT views | Ads; 0.98; 1000; 5000000; rd; -
22; Default; YT shorts views; 0.55; 100; 1000000; rd; -
23; Default; YT live stream viewers | 60 minutes; 4.40; 100; 10000; -; -
24; Custom Comments; YT comments | Your list; 8.80; 10; 500; c; One comment a line.

[Telegram]
25; Default; TG members | Cheap; 0.45; 500; 200000; -; May drop.
26; Default; TG members | 90 days no drop; 1.35; 100; 50000; rc; -
27; Default; TG views | Last 10 posts; 0.11; 100; 100000; d; -
28; Default; TG reactions | Choose 🎉 🤩; 0.19; 10; 100000; c; -
29; Subscriptions; TG views & reactions | Future posts; 0.12; 100; 50000; c; -

[X (Twitter)]
30; Default; X followers | NFT profiles; 6.40; 50; 10000; r; -
31; Default; X views; 0.009; 100; 10000000; d; -
32; Default; X bookmarks & likes; 1.05; 20; 20000; c; -

[Facebook]
33; Default; FB followers | Profile; 1.15; 100; 50000; rc; -
34; Default; FB reactions | Love ❤️; 0.65; 50; 10000; c; -
35; Default; FB group members; 1.70; 100; 30000; -; -
36; Package; FB page review pack; 6.00; 1; 1; -; Five reviews with five stars.

[Spotify & SoundCloud]
37; Default; Spotify plays | Playlist; 0.52; 500; 1000000; d; -
38; Default; Spotify saves; 0.60; 100; 50000; r; -

[LinkedIn]
39; Default; LinkedIn followers; 12.00; 50; 5000; r; Company pages and profiles.
40; Default; LinkedIn likes; 9.00; 10; 1000; -; -
41; Custom Comments Package; LinkedIn comment pack | 10 comments; 7.50; 1; 1; -; -

[Website traffic]
42; Web Traffic; Visitors | Social referrers; 0.19; 500; 10000000; cd; -
43; Web Traffic; Visitors | Low bounce; 0.33; 1000; 100000; d; -

[Threads & Pinterest]
44; Default; Threads followers; 2.05; 20; 10000; r; -
45; Default; Pinterest followers; 1.45; 20; 20000; r; -
"""
