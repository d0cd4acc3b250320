"""The services of the demo's first panel, a line each; ``catalogue`` has the columns."""

ALPHA_TEXT = """
[Instagram Followers]
1; Default; Followers | Mixed | Instant; 0.90; 50; 10000; rcd; Starts at once. 30 days refill.
2; Default; Followers "Real & Active" | 5K a day; 2.45; 100; 50000; rc; Real people, slow start.
3; Default; Followers <b>HQ</b> | No drop ⚡; 3.10; 20; 100000; rd; <b>High quality</b> & no drop
4; Default; متابعون عرب حقيقيون 🇸🇦 | Arab followers; 4.20; 50; 20000; rc; متابعون من الخليج
5; Package; Starter pack: 500 followers + 50 likes; 1.50; 1; 1; r; One pack for one profile.
6; Mentions User Followers; Mentions of an account's followers; 6.00; 500; 20000; c; -

[Instagram Likes & Views]
7; Default; Likes | Fast; 0.18; 10; 20000; cd; Up to 5K an hour.
8; Default; Likes | Women's accounts; 0.75; 20; 5000; r; -
9; Default; Reel views; 0.012; 100; 5000000; d; Also for videos.
10; Default; Story views | All stories; 0.09; 50; 30000; -; The profile must be public.
11; Default; Saves & shares; 0.24; 10; 15000; cd; -
12; Subscriptions; Auto likes for new posts; 0.95; 20; 5000; c; Likes come with each new post.
13; Subscriptions; Auto views for new reels; 0.08; 100; 100000; -; -
14; Comment Likes; Likes on your comment; 1.80; 10; 5000; c; Give the comment owner's name.

[Instagram Comments & Mentions]
15; Custom Comments; Custom comments | Real accounts; 8; 10; 1500; c; One comment a line.
16; Custom Comments Package; Comment pack: up to 20 of yours; 2.90; 1; 1; -; One comment a line.
17; Comment Replies; Replies to a comment; 9.50; 5; 500; -; One reply a line.
18; Mentions with Hashtags; Mentions by hashtags & your list; 5.40; 100; 10000; -; -
19; Mentions Custom List; Mentions | Your list of names; 4.60; 10; 5000; c; One name a line.
20; Mentions Hashtag; Mentions of a hashtag's users; 5.10; 100; 30000; -; Without the # sign.
21; Mentions Media Likers; Mentions of those who liked a post; 5.80; 100; 30000; -; -

[TikTok]
22; Default; TikTok followers | Mixed; 1.95; 10; 50000; rc; -
23; Default; TikTok likes; 0.55; 10; 100000; rcd; Starts in 0-1 hours.
24; Default; TikTok views | Instant ⚡; 0.0045; 100; 100000000; d; 10M a day
25; Default; TikTok shares; 0.11; 10; 1000000; d; -
26; Custom Comments; TikTok comments | Yours; 7.20; 5; 500; -; -
27; Default; TikTok live viewers | 30 minutes; 3.75; 50; 2000; -; Be live before you order.
28; Subscriptions; TikTok auto views; 0.02; 100; 1000000; c; -

[YouTube]
29; Default; YouTube subscribers | 30 days refill; 14.50; 50; 20000; r; 100 a day.
30; Default; YouTube views | Retention 60-90 s; 1.85; 500; 1000000; rd; -
31; Default; YouTube likes; 1.10; 10; 50000; rc; -
32; Default; YouTube watch time | 4000 hours; 21.00; 100; 4000; r; The video is an hour or longer.
33; Custom Comments; YouTube comments | Custom; 11.00; 5; 1000; c; -
34; Comment Likes; YouTube comment likes; 1.40; 20; 3000; -; -
35; SEO; YouTube views by search keywords; 3.30; 500; 50000; d; One keyword a line.

[Telegram]
36; Default; Telegram members | Channel; 0.80; 100; 100000; r; -
37; Default; Telegram members | No drop <Premium>; 6.50; 100; 10000; rc; Premium accounts.
38; Default; Telegram post views; 0.015; 50; 500000; cd; -
39; Default; Telegram reactions 👍 ❤️ 🔥; 0.22; 20; 50000; -; Positive ones, mixed.
40; Subscriptions; Telegram auto views | New posts; 0.03; 50; 100000; c; -
41; Invites from Groups; Members invited from groups; 12.00; 100; 5000; -; One group a line.

[X (Twitter)]
42; Default; X followers; 3.60; 50; 30000; rc; -
43; Default; X likes; 1.25; 20; 20000; c; -
44; Default; X reposts; 1.65; 20; 10000; c; -
45; Default; X impressions & profile clicks; 0.02; 100; 1000000; d; -
46; Custom Comments; X replies | Your words; 16.00; 5; 200; -; -

[Facebook]
47; Default; Facebook page likes + followers; 2.10; 100; 100000; r; -
48; Default; Facebook post likes; 0.85; 20; 20000; rc; -
49; Default; Facebook video views; 0.14; 500; 1000000; d; -
50; Custom Comments; Facebook comments; 9.00; 5; 500; -; -
51; Package; Page launch pack; 18.00; 1; 1; -; 1000 likes, 10 shares, 3 reviews.

[Spotify & SoundCloud]
52; Default; Spotify plays | Premium; 0.65; 1000; 1000000; rd; Royalties eligible.
53; Default; Spotify followers; 0.70; 100; 100000; r; -
54; Default; Spotify monthly listeners; 2.30; 1000; 100000; -; -
55; Default; SoundCloud plays; 0.008; 100; 10000000; cd; -

[Website traffic]
56; Web Traffic; Visitors | Any country; 0.28; 1000; 1000000; cd; Choose country, device, source.
57; Web Traffic; Visitors from Google search; 0.42; 1000; 500000; d; Give the keyword.
58; SEO; Search clicks by keyword; 1.90; 100; 20000; c; One keyword a line.

[Discord & Twitch]
59; Default; Discord members | Online; 5.50; 50; 5000; r; -
60; Default; Twitch followers; 1.15; 50; 20000; rc; -
"""
