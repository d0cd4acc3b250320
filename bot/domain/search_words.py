"""The words with which people ask for services, by the English word that panels use for the same thing.

A row has the English word's other forms and abbreviations, then the words of Russian, Ukrainian, Arabic, Persian,
Spanish, Portuguese, French, Turkish, Indonesian, Hindi and Uzbek, where they differ. ``+`` ties an expression of two
words together. A word in several rows means any of them. Case, accents and variants of Arabic letters make no
difference.
"""

WORDS: dict[str, str] = {
    # Networks, where panels name them in Latin letters.
    "instagram": (
        "ig insta igtv инстаграм инстаграмм инста инстаграмі інстаграм інста انستقرام انستغرام انستجرام انستكرام"
        " انستا إنستا اینستاگرام اینستا इंस्टाग्राम इंस्टा इन्स्टाग्राम"
    ),
    "tiktok": "tt tik+tok тикток тик+ток тік+ток тікток تيكتوك تيك+توك تکتوک تیک+تاک تیکتاک टिकटॉक टिक+टॉक",
    "youtube": "yt you+tube ютуб ютьюб ютюб يوتيوب یوتیوب यूट्यूब यू+ट्यूब",
    "telegram": (
        "tg tele телеграм телеграмм телега тг تيليجرام تليجرام تلجرام تيليغرام تليغرام تلغرام تيلغرام تلقرام"
        " تلگرام टेलीग्राम"
    ),
    "facebook": "fb face+book фейсбук فيسبوك فيس+بوك فيس فیسبوک فیس+بوک फेसबुक फेस+बुक",
    "twitter": "tw твиттер твитер твітер تويتر توییتر ट्विटर",
    "threads": "тредс ثريدز تردز थ्रेड्स",
    "snapchat": "snap snap+chat снапчат снэпчат سناب سناب+شات سنابشات اسنپ+چت स्नैपचैट",
    "whatsapp": "wa whats+app ватсап вотсап واتساب واتس+اب واتس واتساپ व्हाट्सएप व्हाट्सऐप",
    "spotify": "спотифай سبوتيفاي اسپاتیفای स्पॉटिफाई",
    "soundcloud": "sound+cloud саундклауд ساوندكلاود ساوند+كلاود ساندکلود साउंडक्लाउड",
    "twitch": "твич твіч تويتش توییچ ट्विच",
    "discord": "дискорд діскорд ديسكورد دیسکورد डिस्कॉर्ड",
    "linkedin": "linked+in линкедин лінкедін لينكدان لينكد+ان لینکدین लिंक्डइन",
    "pinterest": "пинтерест пінтерест بنترست پینترست पिंटरेस्ट",
    "vk": "vkontakte вк вконтакте",
    "rutube": "ru+tube рутуб",
    "google": "гугл جوجل قوقل گوگل गूगल",
    "website": (
        "web+site сайт сайта сайту موقع مواقع سایت وبسایت sitio site siteweb situs web+sitesi sitesi वेबसाइट sayt"
    ),
    # What is sold.
    "followers": (
        "follower follow follows flw подписчики подписчиков подписчик подписота фолловеры фоловеры підписники"
        " підписників підписник фоловери متابعين متابعون متابع متابعات متابعه فولو فولورز فولوورز فالوور فالوورز"
        " فالوئر فالور دنبال+کننده دنبالکننده seguidores seguidor seguidoras abonnés abonné followeurs takipçi"
        " takipçiler pengikut फॉलोअर्स फॉलोअर फॉलोवर्स फॉलोवर फ़ॉलोअर obunachi obunachilar"
    ),
    "subscribers": (
        "subscriber subs sub subscribe подписчики подписчиков подписчик сабы підписники підписників підписник"
        " مشتركين مشتركون مشترك مشتركات سابسکرایبر سابسکرایب مشترک suscriptores suscriptor inscritos inscrito"
        " assinantes abonnés abonné abone aboneler pelanggan langganan सब्सक्राइबर सब्सक्राइबर्स सब्सक्राइब"
        " obunachi obunachilar"
    ),
    "members": (
        "member подписчики подписчиков підписники підписників участники участников участник учасники учасників"
        " учасник اعضاء أعضاء عضو مشتركين مشترك ممبر اعضا miembros miembro membros membro membres membre üye"
        " üyeler anggota मेंबर मेंबर्स सदस्य aʼzo aʼzolar odam obunachi obunachilar"
    ),
    "likes": (
        "like liker likers лайки лайков лайк лайка вподобання вподобайки лайків لايك لايكات إعجاب إعجابات اعجاب"
        " لایک پسند me+gusta megusta curtidas curtida gostei j'aime jaimes aime beğeni beğeniler suka लाइक लाइक्स"
        " पसंद layk layklar yoqtirish"
    ),
    "views": (
        "view viewing просмотры просмотров просмотр просмотра перегляди переглядів перегляд مشاهدات مشاهدة مشاهده"
        " فيو بازدید ویو سین vistas vista visualizaciones reproducciones visualizações visualização vues vue"
        " izlenme izlenmeler görüntülenme görüntüleme tayangan tontonan व्यूज व्यूज़ व्यू koʻrish koʻrishlar"
        " prosmotr"
    ),
    "viewers": (
        "viewer watchers зрители зрителей зритель глядачі глядачів مشاهدين مشاهدون مشاهد بیننده بینندگان"
        " espectadores spectateurs spectateur izleyici izleyiciler penonton दर्शक tomoshabin tomoshabinlar"
    ),
    "comments": (
        "comment cmt комментарии комментариев комментарий комменты коммент коментарі коментарів коментар коменти"
        " تعليقات تعليق كومنت كومنتات کامنت نظر نظرات comentarios comentario comentários comentário commentaires"
        " commentaire yorum yorumlar komentar komen कमेंट कमेंट्स टिप्पणी टिप्पणियां izoh izohlar kommentariya"
    ),
    "replies": "reply ответы ответов відповіді ردود رد پاسخ respuestas respostas réponses yanıt balasan जवाब javob",
    "shares": (
        "share поделиться шеры шер поширення поширень مشاركات مشاركة مشاركه شير شیر اشتراک+گذاری compartidos"
        " compartidas compartir compartilhamentos compartilhamento partages partage paylaşım paylaşımlar bagikan"
        " dibagikan शेयर ulashish ulashishlar"
    ),
    "saves": (
        "save saved сохранения сохранений сохранение сохранить збереження حفظ حفظات سیو ذخیره guardados guardado"
        " salvamentos salvos enregistrements sauvegardes kaydetme kaydetmeler simpan simpanan सेव saqlash"
    ),
    "reposts": (
        "repost retweet retweets rt репосты репостов репост ретвиты ретвит репости репостів ريتويت ريبوست"
        " إعادة+نشر ریپست ریتوییت reposteos retuits republicações republications rétweets retweetler posting+ulang"
        " रीपोस्ट repostlar"
    ),
    "reactions": (
        "reaction react реакции реакций реакция реакції реакцій تفاعل تفاعلات ریاکشن واکنش reacciones reações"
        " réactions tepki tepkiler ifade reaksi रिएक्शन reaksiya reaksiyalar"
    ),
    "impressions": (
        "impression показы показов покази показів ظهور انطباعات ایمپرشن impresiones impressões impressions"
        " gösterim इंप्रेशन"
    ),
    "reach": "охват охваты охоплення وصول ریچ alcance portée erişim jangkauan रीच qamrov",
    "visits": "visit посещения визиты відвідування زيارات زيارة visitas visites ziyaret kunjungan विजिट tashrif",
    "visitors": ("visitor посетители посетителей відвідувачі زوار زائر visitantes visiteurs ziyaretçi pengunjung आगंतुक"),
    "traffic": "трафик трафік ترافيك ترافیک بازدید tráfico tráfego trafic trafik lalu+lintas ट्रैफिक ट्रैफ़िक",
    "plays": (
        "play streams прослушивания прослушиваний прослушивание прослуховування استماع استماعات تشغيل پلی پخش"
        " reproducciones escuchas reproduções écoutes lectures dinlenme dinleme putar pemutaran प्ले tinglash"
    ),
    "listeners": (
        "listener слушатели слушателей слухачі слухачів مستمعين مستمع شنونده شنوندگان oyentes ouvintes auditeurs"
        " dinleyici dinleyiciler pendengar श्रोता tinglovchilar"
    ),
    "votes": (
        "vote голоса голосов голосование голоси голосів تصويت اصوات رأی votos voix oy oylar suara वोट ovoz ovozlar"
    ),
    "poll": (
        "polls опрос опросы опитування استطلاع استفتاء نظرسنجی encuesta encuestas enquete enquetes sondage"
        " sondages anket oylama jajak polling पोल soʻrovnoma"
    ),
    "mentions": "mention упоминания упоминаний згадки منشن menciones menções bahsetme sebutan मेंशन",
    "hashtag": "hashtags хештег хэштег хештеги хэштеги هاشتاق هاشتاج هشتگ etiqueta etiket tagar हैशटैग heshteg",
    "reviews": (
        "review отзывы отзывов отзыв відгуки відгуків تقييمات تقييم مراجعات reseñas reseña avaliações avaliação"
        " avis değerlendirme ulasan रिव्यू sharh sharhlar"
    ),
    "story": (
        "stories сторис истории история сторисы сторіс історії історія ستوري ستوريات قصص قصة استوری historia"
        " historias história histórias histoire hikaye hikayeler cerita स्टोरी hikoya hikoyalar"
    ),
    "live": (
        "livestream live+stream stream лайв эфир эфира стрим стримы трансляция ефір стрім наживо بث مباشر لايف"
        " لایو زنده en+vivo envivo directo ao+vivo en+direct canlı yayın siaran langsung लाइव jonli efir"
    ),
    "channel": (
        "channels канал канала каналы каналов каналу канали قناة قنوات القناه کانال canal canales canais chaîne"
        " chaînes kanal kanallar saluran चैनल kanali"
    ),
    "group": (
        "groups chat группа группы группу групп чат група групи групу مجموعة مجموعات قروب قروبات جروب جروبات كروب"
        " گروه grupo grupos groupe groupes grup gruplar grupa ग्रुप समूह guruh guruhlar"
    ),
    "page": (
        "pages страница страницы страницу сторінка сторінки صفحة صفحات صفحه página páginas sayfa halaman पेज sahifa"
    ),
    "profile": "profiles профиль профиля профіль بروفايل حساب پروفایل perfil profil akun प्रोफाइल प्रोफ़ाइल",
    "post": (
        "posts пост посты поста постов публикация публикации записи запись пости допис дописи منشور منشورات بوست"
        " بوستات پست publicación publicaciones publicação publicações postagem postagens publication publications"
        " gönderi gönderiler postingan kiriman पोस्ट postlar"
    ),
    "video": "videos vid видео видеоролик відео فيديو فيديوهات ویدیو ویدئو vídeo vídeos vidéo vidéos वीडियो विडियो",
    "reels": "reel рилс рилсы рилз рілс ريلز ريل ریلز ریل रील रील्स",
    "shorts": "short шортс шорты شورت شورتس شورتز शॉर्ट्स शॉर्ट",
    "photo": "photos picture фото фотография світлина صورة صور عکس foto fotos fotoğraf gambar फोटो rasm",
    "bots": "bot бот боты ботов боти بوت بوتات ربات bota बॉट botlar",
    "stars": (
        "star звезды звезд звёзды зірки نجوم نجمة ستاره استارز estrellas estrelas étoiles yıldız bintang स्टार yulduz"
    ),
    "premium": "prem премиум преміум بريميوم مميز پرمیوم प्रीमियम",
    "boost": "boosts буст бусты бусти تعزيز بوستر impulso बूस्ट",
    "package": (
        "pack packages пакет пакеты باقة باقات بكج پکیج پک paquete paquetes pacote pacotes forfait paket पैकेज toʻplam"
    ),
    "watchtime": "watch+time watch+hours watch+hour watched часы+просмотра واچ+تایم",
    "downloads": (
        "download installs install скачивания установки завантаження تحميل تحميلات تنزيل دانلود descargas unduhan"
    ),
    "friends": "friend друзья друзей друзі друзів اصدقاء صديق دوستان amigos amis arkadaş teman दोस्त doʻst doʻstlar",
    # What it is like.
    "cheap": (
        "cheapest economy дешево дешевые дешевый недорого дёшево дешеві дешевий رخيص رخيصة ارخص ارزان barato"
        " baratos barata baratas económico pas+cher ucuz murah termurah सस्ता सस्ते सस्ती arzon"
    ),
    "fast": (
        "faster fastest superfast quick speed быстро быстрые быстрый быстрая швидко швидкі швидкий سريع سريعة"
        " سرعة سریع rápido rápidos rápida rápidas rapide rapides hızlı cepat tercepat तेज तेज़ फास्ट tez tezkor"
    ),
    "instant": (
        "instantly immediate мгновенно мгновенные моментально миттєво миттєві فوري فورية فوراً فوری instantáneo"
        " instantâneo immédiat instantané anında anlık instan तुरंत darhol"
    ),
    "real": (
        "genuine organic реальные реальных реальный живые живых настоящие реальні живі справжні حقيقي حقيقيين"
        " حقيقية حقيقيون واقعی reales reais verdadeiros vrais vrai gerçek organik asli nyata असली रियल haqiqiy"
    ),
    "active": (
        "активные активных активный активні نشط نشطين متفاعل متفاعلين فعال activos ativos actifs aktif सक्रिय faol"
    ),
    "quality": (
        "hq качественные качество якісні якість جودة جوده کیفیت باکیفیت calidad qualidade qualité kalite kualitas"
        " sifatli"
    ),
    "refill": (
        "refills r30 guarantee guaranteed warranty гарантия гарантией восстановление рефилл рефил докрутка"
        " гарантія відновлення تعويض ضمان مضمون مضمونة جبران ریفیل جبرانی garantía reposición recarga garantia"
        " reposição garantie telafi telafili garantili garansi isi+ulang रिफिल गारंटी kafolat kafolatli"
    ),
    "nondrop": (
        "non+drop no+drop nodrop drop+free без+отписок без+списаний без+отписки безотписок без+відписок بدون+نزول"
        " بدون+نقص ثابت ثابتة بدون+ریزش sin+caída sin+caídas sem+queda sem+quedas sans+perte düşüşsüz düşmeyen"
        " anti+drop permanen tushmaydi"
    ),
    "random": (
        "случайные рандомные випадкові عشوائي عشوائية تصادفی رندوم aleatorios aleatórios aléatoires rastgele acak"
    ),
    "custom": (
        "свои своими собственные власні مخصص مخصصة دلخواه سفارشی personalizados personalizado personnalisés özel kustom"
    ),
    "auto": "automatic авто автоматические автоматичні تلقائي تلقائية اوتو خودکار automático otomatik ऑटो avtomatik",
    "daily": "ежедневно щодня يومي يومية يوميا روزانه diario diário quotidien günlük harian दैनिक kunlik",
    "hours": "hour hrs часов часа часы час годин години ساعات ساعة ساعت horas hora heures heure saat jam घंटे soat",
    "days": "day дней день дня днів يوم ايام أيام روز روزه días día dias dia jours jour gün günler hari दिन kun",
    # Whose.
    "arab": (
        "arabic arabs арабы арабские арабські عرب عربي عربية عربيين خليجي árabes árabe arabe arabes arap arablar अरब"
    ),
    "russian": (
        "russia ru русские русских россия рф російські روسي روس روسية روسی rusos russos russes rus rusia rusiya"
    ),
    "ukrainian": "ukraine ua украинские украина українські українці україна اوكراني ucranianos ukraynalı",
    "iranian": "iran persian иран иранские ايراني ايرانيين ایرانی ایران iraníes iranianos İranlı",
    "turkish": "turkey турецкие турция турецькі تركي اتراك تركية ترک ترکیه turcos turcs türk türkiye turki",
    "indian": "india индия индийские індійські هندي هنود هندی indios indianos indiens भारतीय इंडियन hind",
    "indonesian": "indonesia indo индонезия اندونيسي indonesios endonezya",
    "brazilian": (
        "brazil brasil бразилия бразильские برازيلي برزیلی brasileños brasileiros brasileiro brésiliens brezilya"
    ),
    "uzbek": "uzbekistan узбекистан узбекские узбеки oʻzbek oʻzbekiston özbek",
}

# Things that some panels call by another of these names: shown where a search finds little else.
NEAR: tuple[tuple[str, ...], ...] = (
    ("followers", "subscribers", "members"),
    ("views", "viewers", "plays"),
    ("shares", "reposts"),
    ("votes", "poll"),
    ("visits", "visitors", "traffic"),
    ("reels", "shorts", "video"),
    ("fast", "instant"),
    ("real", "active", "quality"),
    ("refill", "nondrop"),
)

# What people like to add and panels seldom write: given up where nothing is found with it. As in WORDS.
WISHES = frozenset({"cheap", "fast", "instant", "quality", "real", "active"})

# Words around what is asked for, which say nothing about it.
FILLERS = (
    "a an and buy for from get give i in increase my need of on order please the to want with boosting"
    " купить куплю накрутка накрутить накрутку заказать закажи хочу нужны нужно надо для на в во и мне мой моего с"
    " купити накрутити замовити хочу потрібно для на в у і та мені"
    " شراء اشتري اريد ابغى ابي زيادة رشق في من على الى و خرید افزایش میخوام می‌خواهم برای در از به"
    " comprar quiero necesito para de del en el la los las un una mis y por favor"
    " quero preciso do da dos das na nos meu e"
    " acheter je veux pour des les le sur mon mes et satın almak al istiyorum için ve bir beli jual mau untuk di dan"
    " खरीदें खरीदना चाहिए के लिए का की में मुझे sotib olish kerak uchun menga va"
)
