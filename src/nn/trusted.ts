// Which of what 'tensorcell/nn' exports is compiled as tfjs's own is, without being asked: its steps are recorded rightly, or refuse it.
import { trust } from '../tensor/training/own.ts';
import { AccumulatingOptimizer } from './accumulate.ts';
import { AdamW } from './adamw.ts';
import { MultiHeadAttention } from './attention.ts';
import { ClippedOptimizer } from './clip.ts';
import { GroupNormalization, RMSNormalization } from './normalization.ts';

trust(AccumulatingOptimizer, AdamW, ClippedOptimizer, GroupNormalization, MultiHeadAttention, RMSNormalization);
