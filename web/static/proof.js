// Solves the challenge that a form carries (altcha, version 2, SHA-256) while its page is read; nothing else is asked.
// SHA-256 is written out: crypto.subtle is slow for many short inputs, and is not there without https.
"use strict";
(function () {
  var SLICE = 8; // milliseconds, before the page has its turn: also on a slow phone it scrolls meanwhile
  var AT_ONCE = 200; // tries between two looks at the clock
  var K = [], START = [];

  (function primes() {
    function fraction(root) { return ((root - Math.floor(root)) * 0x100000000) | 0; }
    for (var n = 2; K.length < 64; n++) {
      for (var d = 2; d * d <= n && n % d; d++);
      if (d * d <= n) continue;
      if (START.length < 8) START.push(fraction(Math.pow(n, 1 / 2)));
      K.push(fraction(Math.pow(n, 1 / 3)));
    }
  })();

  // The digest of one block, which holds the whole of a short message.
  function digest(block) {
    var w = new Int32Array(64), h = START.slice(), i;
    var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (i = 0; i < 64; i++) {
      if (i < 16) w[i] = block[i];
      else {
        var x = w[i - 15], y = w[i - 2];
        w[i] = (w[i - 16] + w[i - 7] +
          (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
          (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
      }
      var one = (k + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
        ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      var two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
        ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    var more = [a, b, c, d, e, f, g, k];
    for (i = 0; i < 8; i++) h[i] = (h[i] + more[i]) | 0;
    return h;
  }

  function hex(words) {
    return words.map(function (word) { return (word >>> 0).toString(16).padStart(8, "0"); }).join("");
  }

  // The salt, the nonce and the number of the try, 36 bytes in all, and what SHA-256 puts behind them.
  function blockOf(parameters) {
    var block = new Int32Array(16), text = parameters.salt + parameters.nonce;
    for (var i = 0; i < 8; i++) block[i] = parseInt(text.substr(8 * i, 8), 16);
    block[9] = 0x80000000 | 0;
    block[15] = 36 * 8;
    return block;
  }

  function solve(challenge, done) {
    var block = blockOf(challenge.parameters), prefix = challenge.parameters.keyPrefix, tried = 0;
    var begins = parseInt(prefix.substr(0, 8), 16) | 0;
    (function some() {
      var until = Date.now() + SLICE;
      do {
        for (var end = tried + AT_ONCE; tried < end; tried++) {
          block[8] = tried;
          var found = digest(block);
          if (found[0] === begins && hex(found).indexOf(prefix) === 0) {
            var solution = { counter: tried, derivedKey: hex(found) };
            return done(btoa(JSON.stringify({ challenge: challenge, solution: solution })));
          }
        }
      } while (Date.now() < until);
      setTimeout(some, 0);
    })();
  }

  document.querySelectorAll("input[data-challenge]").forEach(function (input) {
    var form = input.form, waits = false;
    form.addEventListener("submit", function (event) {
      if (input.value) return;
      event.preventDefault();
      if (waits) return;
      waits = true;
      form.querySelectorAll("button").forEach(function (button) { button.textContent = input.dataset.wait; });
    });
    solve(JSON.parse(input.dataset.challenge), function (proof) {
      input.value = proof;
      if (waits) form.submit();
    });
  });
})();
